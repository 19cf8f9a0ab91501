/// A recording in, incidents out: the analyzer's own topology without a broker, its clocks moved by the
/// recording.
@NullMarked
package dev.gatewatch.standalone.replay;

import org.jspecify.annotations.NullMarked;
