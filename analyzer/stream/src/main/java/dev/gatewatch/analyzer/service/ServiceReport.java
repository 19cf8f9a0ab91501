package dev.gatewatch.analyzer.service;

import java.util.List;

/// What one batch of a proxy's lines says about one service: what crosses to the instance that watches the
/// service.
///
/// @param service key of the service
/// @param host the proxy's host
/// @param kind `nginx` or `haproxy`
public record ServiceReport(String service, String host, String kind, List<Tally> tallies, List<Sighting> sightings) {
    public ServiceReport {
        tallies = List.copyOf(tallies);
        sightings = List.copyOf(sightings);
    }
}
