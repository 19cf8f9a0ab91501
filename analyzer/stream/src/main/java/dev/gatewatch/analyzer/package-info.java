/// The analyzer: lines in, incidents out, as one Kafka Streams topology
/// ([Pipeline][dev.gatewatch.analyzer.Pipeline]).
///
/// Packages are the stages, and each imports only those before it: `grammar` → `signal` → `host`, `service` →
/// `burst` → `cause` → `report` → this package, which holds the processors and `main`.
@NullMarked
package dev.gatewatch.analyzer;

import org.jspecify.annotations.NullMarked;
