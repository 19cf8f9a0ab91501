package dev.gatewatch.analyzer.service;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reports that wait to be handed on, added up: what many batches say about a service is one report of each proxy, and
/// those of all proxies are one record.
///
/// Only what lies close together is added up, so that a service is examined as often in the course of its own time, and
/// its proxies overtake each other no further, whether lines come as they are written or faster.
public final class PendingReports {
    /// How far apart what waits of a service may be, on the clock of its lines, in milliseconds: less than the five
    /// seconds that one proxy is waited for when another one tells of a burst.
    private static final long SPAN_MILLIS = 4_000;

    /// So many tallies and kinds of lines may wait.
    private static final int MOST_ENTRIES = 20_000;

    /// So many of either are handed on together, which is one record: a kind of line takes up to 20 KB.
    static final int MOST_OF_A_RECORD = 200;

    private final Map<String, OfService> services = new LinkedHashMap<>();
    private int entries;

    private record Proxy(String host, String kind) {}

    private static final class OfService {
        private final Map<Proxy, Sum> proxies = new LinkedHashMap<>();
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;
        private int entries;
    }

    private static final class Sum {
        private final Map<Tally.Kind, Tally> tallies = new LinkedHashMap<>();
        private final Map<Sighting.Kind, Sighting> sightings = new LinkedHashMap<>();

        int add(ServiceReport report) {
            int before = size();
            report.tallies().forEach(tally -> tallies.merge(tally.kind(), tally, Tally::and));
            report.sightings().forEach(sighting -> sightings.merge(sighting.kind(), sighting, Sighting::and));
            return size() - before;
        }

        private int size() {
            return tallies.size() + sightings.size();
        }
    }

    /// Adds a report. One that spans more than may wait, as where few lines come late, is cut.
    ///
    /// @param full takes what cannot wait any longer, which came before it: reports of one service
    public void add(ServiceReport report, Consumer<List<ServiceReport>> full) {
        long first = report.firstAt();
        long last = report.lastAt();
        if (report.isEmpty()) {
            return;
        }
        if (last - first <= SPAN_MILLIS) {
            add(report, first, last, full);
        } else {
            report.inSteps(SPAN_MILLIS).forEach(step -> add(step, step.firstAt(), step.lastAt(), full));
        }
    }

    private void add(ServiceReport report, long first, long last, Consumer<List<ServiceReport>> full) {
        OfService before = services.get(report.service());
        if (before != null && Math.max(before.last, last) - Math.min(before.first, first) > SPAN_MILLIS) {
            services.remove(report.service());
            entries -= before.entries;
            handOn(report.service(), before, full);
        }
        OfService service = services.computeIfAbsent(report.service(), key -> new OfService());
        service.first = Math.min(service.first, first);
        service.last = Math.max(service.last, last);
        int more = service.proxies
                .computeIfAbsent(new Proxy(report.host(), report.kind()), key -> new Sum())
                .add(report);
        service.entries += more;
        entries += more;
        if (entries > MOST_ENTRIES) {
            drain(full);
        }
    }

    /// Hands on all that waits, service by service.
    ///
    /// @param taker takes reports of one service
    public void drain(Consumer<List<ServiceReport>> taker) {
        for (Iterator<Map.Entry<String, OfService>> all = services.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, OfService> next = all.next();
            all.remove();
            entries -= next.getValue().entries;
            handOn(next.getKey(), next.getValue(), taker);
        }
    }

    private static void handOn(String service, OfService waiting, Consumer<List<ServiceReport>> taker) {
        List<ServiceReport> together = new ArrayList<>();
        int entries = 0;
        for (ServiceReport report : reports(service, waiting)) {
            int more = Math.max(report.tallies().size(), report.sightings().size());
            if (entries + more > MOST_OF_A_RECORD && !together.isEmpty()) {
                taker.accept(together);
                together = new ArrayList<>();
                entries = 0;
            }
            together.add(report);
            entries += more;
        }
        taker.accept(together);
    }

    private static List<ServiceReport> reports(String service, OfService waiting) {
        List<ServiceReport> reports = new ArrayList<>();
        waiting.proxies.forEach((proxy, sum) -> {
            List<Tally> tallies = List.copyOf(sum.tallies.values());
            List<Sighting> sightings = List.copyOf(sum.sightings.values());
            for (int i = 0; i < Math.max(tallies.size(), sightings.size()); i += MOST_OF_A_RECORD) {
                reports.add(new ServiceReport(service, proxy.host, proxy.kind, part(tallies, i), part(sightings, i)));
            }
        });
        return reports;
    }

    private static <T> List<T> part(List<T> all, int from) {
        return all.subList(Math.min(from, all.size()), Math.min(from + MOST_OF_A_RECORD, all.size()));
    }
}
