/// Follows the systemd journal through `journalctl`, with the journal's own sequence numbers as positions.
@NullMarked
package dev.gatewatch.agent.journal;

import org.jspecify.annotations.NullMarked;
