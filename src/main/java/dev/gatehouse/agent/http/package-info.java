/// What every servlet of the agent needs: who is asking, JSON in and out, and refusals.
@NullMarked
package dev.gatehouse.agent.http;

import org.jspecify.annotations.NullMarked;
