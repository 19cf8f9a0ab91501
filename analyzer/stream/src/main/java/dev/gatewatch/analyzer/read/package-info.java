/// From a batch of lines to what it says: known lines dropped, lines split, read and combined. Pure. May use
/// `signal`, `host`, `service` and the contract of lines.
@NullMarked
package dev.gatewatch.analyzer.read;

import org.jspecify.annotations.NullMarked;
