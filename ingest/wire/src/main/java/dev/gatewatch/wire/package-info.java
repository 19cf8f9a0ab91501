/// The contract between the agents and everything that reads what they ship: a batch of log lines, the facts
/// of a host, the names of the topics. May use `java.base` and the header types of kafka-clients, nothing
/// else.
@NullMarked
package dev.gatewatch.wire;

import org.jspecify.annotations.NullMarked;
