/// Recordings of known faults in, a score out: how often the cause is right, and how sure one may be of it.
@NullMarked
package dev.gatewatch.standalone.evaluate;

import org.jspecify.annotations.NullMarked;
