/// ChatKit on the wire: requests, operations, events, and the order in which they come.
@NullMarked
package dev.gatehouse.agent.chatkit;

import org.jspecify.annotations.NullMarked;
