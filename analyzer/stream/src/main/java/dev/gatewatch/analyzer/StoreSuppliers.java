package dev.gatewatch.analyzer;

import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;

/// Where the topology keeps its stores: in memory, or in files as well.
///
/// Kafka Streams keeps the id of its process over restarts only if some store is in files. With the same id the
/// transaction of a process that was killed ends as soon as the process is back, and not when it times out.
@FunctionalInterface
interface StoreSuppliers {

    /// A store of this name.
    KeyValueBytesStoreSupplier store(String name);
}
