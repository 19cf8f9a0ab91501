/// The alert service: incidents from the topic to Alertmanager, the page and the API.
///
/// May import: the incident contract, the program shell and Kafka's client, never Kafka Streams.
@NullMarked
package dev.gatewatch.alerts;

import org.jspecify.annotations.NullMarked;
