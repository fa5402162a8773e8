/// Answers of a model behind an OpenAI-compatible endpoint.
@NullMarked
package dev.gatehouse.agent.model;

import org.jspecify.annotations.NullMarked;
