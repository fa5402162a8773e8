/// What many do at once, and for long: soaks with random faults, crowds that come and go, slow and
/// silent ones beside the quick. All of it runs shortly in every build and for as long as wanted by
/// a system property.
@NullMarked
package dev.gatehouse.load;

import org.jspecify.annotations.NullMarked;
