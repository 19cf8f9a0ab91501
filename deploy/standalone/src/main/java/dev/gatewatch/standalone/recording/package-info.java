/// A recording: a folder of log files and host descriptions, read as what agents on its hosts would have
/// shipped, and when.
@NullMarked
package dev.gatewatch.standalone.recording;

import org.jspecify.annotations.NullMarked;
