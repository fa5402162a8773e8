/// What surrounds every HTTP request: the listener with its protocols and its certificate, request
/// ids, the logs about exchanges and decisions, problems, security headers, the trust in forwarded
/// headers, and how often one may ask. The only home of Bucket4j.
///
/// May know `config` only. A failure before the first byte of an answer is a [Problem] and becomes
/// `application/problem+json` in exactly one place, the problem filter.
@NullMarked
package dev.gatehouse.http;

import org.jspecify.annotations.NullMarked;
