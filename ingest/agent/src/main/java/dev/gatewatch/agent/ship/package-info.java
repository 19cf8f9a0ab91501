/// Brings batches to Kafka and acknowledgements to the checkpoints: nothing is forgotten before the broker
/// has it, nothing is given up, memory is bounded, and what one kind of source has to say does not wait for
/// another's backlog.
@NullMarked
package dev.gatewatch.agent.ship;

import org.jspecify.annotations.NullMarked;
