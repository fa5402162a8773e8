/// What a conversation is made of, and the few interfaces around it: [Responder] answers, [Reply]
/// is what it writes to, [Toolbox] what it may call, [Threads] and [Attachments] keep.
///
/// Knows neither HTTP nor SQL.
@NullMarked
package dev.gatehouse.agent.chat;

import org.jspecify.annotations.NullMarked;
