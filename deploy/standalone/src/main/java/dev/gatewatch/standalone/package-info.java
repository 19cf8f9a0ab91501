/// Everything in one process, with an embedded Kafka broker; also replays recorded logs without one.
///
/// May import: everything.
@NullMarked
package dev.gatewatch.standalone;

import org.jspecify.annotations.NullMarked;
