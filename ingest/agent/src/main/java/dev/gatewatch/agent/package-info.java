/// The program on every host: reads log files, journal and kernel, and ships their lines to Kafka.
///
/// May import: the wire contract, the program shell and Kafka's client.
@NullMarked
package dev.gatewatch.agent;

import org.jspecify.annotations.NullMarked;
