/// The shell every program wears: strict configuration, metrics and health over HTTP, exit codes.
///
/// May import: nothing else of Gatewatch.
@NullMarked
package dev.gatewatch.program;

import org.jspecify.annotations.NullMarked;
