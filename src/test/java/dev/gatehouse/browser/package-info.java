/// The sample page and the browser module in a real browser: Chromium, driven against the packaged
/// demo.
@NullMarked
package dev.gatehouse.browser;

import org.jspecify.annotations.NullMarked;
