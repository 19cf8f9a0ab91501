/// From a batch of lines to what it says: known lines dropped, lines split, read and combined. Pure. May use
/// `grammar`, `signal`, `host`, `service` and the contracts of lines and of host facts.
@NullMarked
package dev.gatewatch.analyzer.read;

import org.jspecify.annotations.NullMarked;
