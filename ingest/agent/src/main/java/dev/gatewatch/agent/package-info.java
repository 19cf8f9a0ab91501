/// The program on every host: ships log lines, journal entries and kernel records to Kafka verbatim, with
/// positions that make each of them unique, and tells what it knows of the host.
@NullMarked
package dev.gatewatch.agent;

import org.jspecify.annotations.NullMarked;
