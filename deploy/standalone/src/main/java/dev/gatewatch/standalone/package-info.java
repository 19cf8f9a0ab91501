/// The command `gatewatch`: every program of Gatewatch, and those that put them together.
@NullMarked
package dev.gatewatch.standalone;

import org.jspecify.annotations.NullMarked;
