package dev.gatewatch.analyzer.service;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one batch of a proxy's lines, or several, says about one service: what crosses to the instance that watches
/// the service.
///
/// @param service key of the service
/// @param host the proxy's host
/// @param kind the proxy's kind: `nginx`, `haproxy`, `alb`, `envoy`, `traefik` or `caddy`
public record ServiceReport(String service, String host, String kind, List<Tally> tallies, List<Sighting> sightings) {
    /// So far ahead of ours clocks of hosts may be, in milliseconds.
    public static final long AHEAD_MILLIS = 5_000;

    public ServiceReport {
        tallies = List.copyOf(tallies);
        sightings = List.copyOf(sightings);
    }

    /// What the report says about the time up to a moment, in milliseconds since 1970.
    public ServiceReport upTo(long moment) {
        return new ServiceReport(
                service,
                host,
                kind,
                tallies.stream().filter(t -> t.lastAt() <= moment).toList(),
                sightings.stream().filter(s -> s.firstAt() <= moment).toList());
    }

    /// What the report says about the time after a moment, in milliseconds since 1970.
    public ServiceReport after(long moment) {
        return new ServiceReport(
                service,
                host,
                kind,
                tallies.stream().filter(t -> t.lastAt() > moment).toList(),
                sightings.stream().filter(s -> s.firstAt() > moment).toList());
    }

    /// What the report says, read at a moment of the wall clock: what it dates further ahead than
    /// clocks may be happened when it was read.
    public ServiceReport readAt(long wallNow) {
        long latest = wallNow + AHEAD_MILLIS;
        if (lastAt() <= latest) {
            return this;
        }
        return new ServiceReport(
                service,
                host,
                kind,
                tallies.stream()
                        .map(t -> t.lastAt() > latest ? t.at(wallNow) : t)
                        .toList(),
                sightings.stream()
                        .map(s -> s.lastAt() > latest ? s.at(wallNow) : s)
                        .toList());
    }

    /// The report as several, in their order, each of which tells of no more than such a time; none if
    /// it says nothing.
    List<ServiceReport> inSteps(long millis) {
        SortedMap<Long, List<Tally>> talliesOf = new TreeMap<>();
        SortedMap<Long, List<Sighting>> sightingsOf = new TreeMap<>();
        for (Tally tally : tallies) {
            talliesOf
                    .computeIfAbsent(Math.floorDiv(tally.firstAt(), millis), step -> new ArrayList<>())
                    .add(tally);
        }
        for (Sighting sighting : sightings) {
            sightingsOf
                    .computeIfAbsent(Math.floorDiv(sighting.lastAt(), millis), step -> new ArrayList<>())
                    .add(sighting);
        }
        SortedSet<Long> steps = new TreeSet<>(talliesOf.keySet());
        steps.addAll(sightingsOf.keySet());
        return steps.stream()
                .map(step -> new ServiceReport(
                        service,
                        host,
                        kind,
                        talliesOf.getOrDefault(step, List.of()),
                        sightingsOf.getOrDefault(step, List.of())))
                .toList();
    }

    /// The first moment that it tells of, milliseconds since 1970; the largest number if it says nothing.
    public long firstAt() {
        long first = Long.MAX_VALUE;
        for (Tally tally : tallies) {
            first = Math.min(first, tally.firstAt());
        }
        for (Sighting sighting : sightings) {
            first = Math.min(first, sighting.lastAt());
        }
        return first;
    }

    /// The last moment that it tells of, milliseconds since 1970; the smallest number if it says nothing.
    public long lastAt() {
        long last = Long.MIN_VALUE;
        for (Tally tally : tallies) {
            last = Math.max(last, tally.lastAt());
        }
        for (Sighting sighting : sightings) {
            last = Math.max(last, sighting.lastAt());
        }
        return last;
    }

    /// Whether it says nothing.
    public boolean isEmpty() {
        return tallies.isEmpty() && sightings.isEmpty();
    }
}
