/// Answers without a model, for the demo and for tests.
@NullMarked
package dev.gatehouse.agent.offline;

import org.jspecify.annotations.NullMarked;
