package dev.gatewatch.analyzer.read;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.grammar.TrafficScan;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.service.Routes;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads batches. Not safe for several threads at once.
public final class BatchReader {
    private static final int MOST_SAMPLES = 3;
    private static final int SAMPLE_BYTES = 2_048;

    /// As much of a path as a request's signal carries.
    private static final int LONGEST_PATH = 512;

    /// Proxies whose kinds of requests stay known; with more of them all are learnt again now and then.
    private static final int MOST_PROXIES = 512;

    private final SignalReader signals = new SignalReader();
    private final Map<ProxyKey, TrafficCounts> traffic = new HashMap<>();

    private record ProxyKey(String host, SourceKind source, String format, String escape) {}

    /// Reads the lines of a batch that come after a position.
    ///
    /// @param before up to where the stream was read, null if it is new
    /// @param host what is known of the batch's host, null if nothing is
    /// @param services names and groups of upstreams
    public BatchResult read(
            LineBatch batch, @Nullable StreamPosition before, @Nullable FactsHistory host, ServiceMap services) {
        LineContext context = context(batch, host);
        Combiner combiner = new Combiner(batch, services, proxiesThatFileTheirLines(batch, host));
        TrafficScan scan = signals.traffic(context);
        TrafficCounts counts = counts(batch, context);
        Routes routes =
                batch.source() == SourceKind.NGINX_ACCESS ? services.routes(batch.host(), "nginx") : Routes.NONE;
        List<BatchResult.Unread> samples = new ArrayList<>();
        long ordinary = 0;
        long saying = 0;
        long repeated = 0;
        long notUnderstood = 0;
        byte[] bytes = batch.lines();
        for (int from = 0, to; from < bytes.length; from = to + 1) {
            to = scan == null ? -1 : scan.endOfUsual(bytes, from);
            boolean taken = to >= 0;
            if (!taken) {
                int newline = ByteSearch.indexOf(bytes, (byte) '\n', from, bytes.length);
                to = newline < 0 ? bytes.length : newline;
            }
            if (before != null && LinePositions.of(batch, from, to) < before.end()) {
                repeated++;
                continue;
            }
            if (scan != null
                    && (taken || scan.takes(bytes, from, to))
                    && counted(counts, context, bytes, from, to, scan, routes)) {
                saying++;
                continue;
            }
            switch (signals.read(context, bytes, from, to)) {
                case Reading.Says(var signal) -> {
                    saying++;
                    combiner.add(signal, from, to);
                }
                case Reading.Ordinary ignored -> ordinary++;
                case Reading.NotUnderstood(int column, String expected) -> {
                    notUnderstood++;
                    if (samples.size() < MOST_SAMPLES) {
                        byte[] line = Arrays.copyOfRange(bytes, from, Math.min(to, from + SAMPLE_BYTES));
                        samples.add(new BatchResult.Unread(LinePositions.of(batch, from, to), column, expected, line));
                    }
                }
            }
        }
        counts.drain(combiner, services);
        return new BatchResult(
                combiner.reports(), combiner.events(), saying, ordinary, repeated, notUnderstood, samples);
    }

    /// Counts a line of ordinary traffic, if its way is clear.
    private boolean counted(
            TrafficCounts counts,
            LineContext context,
            byte[] bytes,
            int from,
            int to,
            TrafficScan line,
            Routes routes) {
        int way = -1;
        if (!routes.isEmpty()) {
            line.findPath(bytes);
            int pathTo = Math.min(line.pathTo(), line.pathFrom() + LONGEST_PATH);
            way = line.pathFrom() < 0 ? Routes.UNDECIDED : routes.way(bytes, line.pathFrom(), pathTo);
        }
        if (way == Routes.UNDECIDED) {
            return false;
        }
        if (!counts.add(bytes, line, way)) {
            counts.learn(bytes, line, way, request(context, bytes, from, to));
            counts.add(bytes, line, way);
        }
        return true;
    }

    private Signal.@Nullable Request request(LineContext context, byte[] bytes, int from, int to) {
        return signals.read(context, bytes, from, to) instanceof Reading.Says says
                        && says.signal() instanceof Signal.Request request
                ? request
                : null;
    }

    private TrafficCounts counts(LineBatch batch, LineContext context) {
        if (traffic.size() >= MOST_PROXIES) {
            traffic.clear();
        }
        return traffic.computeIfAbsent(
                new ProxyKey(batch.host(), batch.source(), context.accessFormat(), context.accessEscape()),
                key -> new TrafficCounts());
    }

    /// The position of the stream after a batch.
    public static StreamPosition after(@Nullable StreamPosition before, LineBatch batch) {
        return StreamPosition.after(before, batch);
    }

    private static LineContext context(LineBatch batch, @Nullable FactsHistory host) {
        Optional<HostFacts.AccessLog> format = host == null || batch.source() != SourceKind.NGINX_ACCESS
                ? Optional.empty()
                : host.facts().proxies().stream()
                        .flatMap(p -> p.accessLogs().stream())
                        .filter(log -> log.path().equals(batch.origin()))
                        .findFirst();
        return new LineContext(
                batch.source(),
                batch.utcOffset(),
                batch.readAt(),
                batch.bootedAt(),
                format.map(HostFacts.AccessLog::format).orElse(""),
                format.map(HostFacts.AccessLog::escape).orElse("default"),
                haproxyFormats(batch, host));
    }

    /// HAProxy's lines do not tell in which of its formats they are.
    private static List<String> haproxyFormats(LineBatch batch, @Nullable FactsHistory host) {
        if (host == null || !(batch.source() == SourceKind.HAPROXY || batch.source() == SourceKind.JOURNALD)) {
            return List.of();
        }
        Set<String> formats = new LinkedHashSet<>();
        for (HostFacts.ProxyFacts proxy : host.facts().proxies()) { // asked for each batch
            if (proxy.kind().equals("haproxy")) {
                proxy.accessLogs().forEach(log -> formats.add(log.format()));
            }
        }
        return List.copyOf(formats);
    }

    /// Proxies whose lines come from a file as well, so that their copies in the journal must not count
    /// again.
    private static List<String> proxiesThatFileTheirLines(LineBatch batch, @Nullable FactsHistory host) {
        if (host == null || batch.source() != SourceKind.JOURNALD) {
            return List.of();
        }
        return host.facts().watermarks().stream()
                .flatMap(w -> switch (w.source()) {
                    case HAPROXY -> java.util.stream.Stream.of("haproxy");
                    case NGINX_ACCESS, NGINX_ERROR -> java.util.stream.Stream.of("nginx");
                    case ENVOY, TRAEFIK, CADDY ->
                        java.util.stream.Stream.of(w.source().id());
                    case ALB, JOURNALD, KERNEL -> java.util.stream.Stream.empty();
                })
                .distinct()
                .toList();
    }
}
