/// Reads the kernel's ring buffer, with its own sequence numbers as positions.
@NullMarked
package dev.gatewatch.agent.kernel;

import org.jspecify.annotations.NullMarked;
