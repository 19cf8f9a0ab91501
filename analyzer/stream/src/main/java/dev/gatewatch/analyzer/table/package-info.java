/// Tables that every instance of the analyzer holds in its heap, filled from topics that all instances read.
/// May use `host`, `service` and Kafka Streams' store types.
@NullMarked
package dev.gatewatch.analyzer.table;

import org.jspecify.annotations.NullMarked;
