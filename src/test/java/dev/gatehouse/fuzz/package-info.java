/// Inputs nobody thought of: each target states what must hold of any input, stands in the room it
/// is about, and is tried with all inputs that were kept and with new ones that are led by the
/// coverage they reach.
@NullMarked
package dev.gatehouse.fuzz;

import org.jspecify.annotations.NullMarked;
