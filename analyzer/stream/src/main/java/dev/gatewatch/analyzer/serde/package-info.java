/// How values become bytes on internal topics and in stores. May use Jackson and Kafka's serializer types.
@NullMarked
package dev.gatewatch.analyzer.serde;

import org.jspecify.annotations.NullMarked;
