/// The shell that every program wears: command line, configuration file, admin port, orderly stop. May use
/// Jackson's YAML reader and Micrometer; knows nothing of lines, incidents or Kafka.
@NullMarked
package dev.gatewatch.program;

import org.jspecify.annotations.NullMarked;
