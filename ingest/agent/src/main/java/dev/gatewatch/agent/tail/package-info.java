/// Follows log files through rotation, truncation and restarts, with positions that mean the same bytes for
/// ever.
@NullMarked
package dev.gatewatch.agent.tail;

import org.jspecify.annotations.NullMarked;
