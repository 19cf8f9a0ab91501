package dev.gatewatch.alerts.alertmanager;

import java.time.Instant;
import java.util.SortedMap;

/// An alert as Alertmanager takes it.
///
/// @param labels its identity
/// @param annotations what it says; may change
/// @param generatorUrl absolute
record Alert(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        Instant startsAt,
        Instant endsAt,
        String generatorUrl) {}
