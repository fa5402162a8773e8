/// Attachments on disk: uploaded through signed addresses, and seen through them.
@NullMarked
package dev.gatehouse.agent.files;

import org.jspecify.annotations.NullMarked;
