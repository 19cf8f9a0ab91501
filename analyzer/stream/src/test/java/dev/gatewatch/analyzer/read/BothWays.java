package dev.gatewatch.analyzer.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The two ways of reading a proxy's lines: as a batch, where not each line is read, and each by the full
/// grammar, which
/// is the oracle. Both must count the same.
public final class BothWays {
    private static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");
    private static final ZoneOffset OFFSET = ZoneOffset.ofHours(2);
    private static final ServiceMap SERVICES = new ServiceMap(List.of(facts("", "")));

    private final SourceKind source;
    private final LineContext context;
    private final FactsHistory host;

    /// @param format text of the `log_format`, empty if it is not known
    public BothWays(SourceKind source, String format, String escape) {
        this.source = source;
        this.context = new LineContext(source, OFFSET, READ_AT, null, format, escape, List.of());
        this.host = FactsHistory.of(facts(format, escape));
    }

    private static HostFacts facts(String format, String escape) {
        HostFacts.ProxyFacts proxy = new HostFacts.ProxyFacts(
                "nginx",
                "nginx.service",
                "hash",
                READ_AT,
                null,
                List.of(
                        new HostFacts.Upstream("orders", false, List.of(server("a", "10.0.0.1:80"))),
                        new HostFacts.Upstream("cart", false, List.of(server("b", "10.0.0.2:80")))),
                List.of(
                        new HostFacts.Route("", "", "/", "orders"),
                        new HostFacts.Route("", "=", "/a", "cart"),
                        new HostFacts.Route("", "^~", "/cart", "cart")),
                format.isEmpty() ? List.of() : List.of(new HostFacts.AccessLog("/log", format, escape)));
        return new HostFacts(
                "edge1", READ_AT, List.of(), READ_AT, OFFSET, true, List.of(), List.of(), List.of(proxy), List.of());
    }

    private static HostFacts.Server server(String name, String address) {
        return new HostFacts.Server(name, address, false, false);
    }

    LineContext context() {
        return context;
    }

    LineBatch batch(byte[] lines) {
        return new LineBatch(
                "edge1",
                List.of(),
                source,
                "/log",
                "stream",
                0,
                lines.length,
                0,
                OFFSET,
                READ_AT,
                null,
                Set.of(),
                null,
                lines);
    }

    BatchResult read(BatchReader reader, LineBatch batch) {
        return reader.read(batch, null, host, SERVICES);
    }

    /// What tells requests apart.
    record Kind(Target target, String proxy, Signal.Outcome outcome, int status, long second) {}

    /// How many requests of a kind there were, and when.
    record Count(long requests, long firstAt, long lastAt) {
        Count plus(Count other) {
            return new Count(
                    requests + other.requests, Math.min(firstAt, other.firstAt), Math.max(lastAt, other.lastAt));
        }
    }

    /// Fails if the two ways differ.
    ///
    /// @param lines of a batch
    /// @param when what to say then
    public void check(BatchReader reader, byte[] lines, String when) {
        Map<Kind, Count> counted = counted(read(reader, batch(lines)));
        Map<Kind, Count> read = readLineByLine(lines);
        if (!counted.equals(read)) { // told only then, since this is done often
            assertThat(counted).as(when).isEqualTo(read);
        }
    }

    private static Map<Kind, Count> counted(BatchResult result) {
        Map<Kind, Count> counts = new HashMap<>();
        for (ServiceReport report : result.reports()) {
            for (Tally t : report.tallies()) {
                Target target = new Target(report.service(), t.upstream(), t.address(), t.server(), t.configured());
                Kind kind = new Kind(target, report.kind(), t.outcome(), t.status(), t.second());
                counts.merge(kind, new Count(t.count(), t.firstAt(), t.lastAt()), Count::plus);
            }
        }
        return counts;
    }

    private Map<Kind, Count> readLineByLine(byte[] lines) {
        SignalReader reader = new SignalReader();
        Map<Kind, Count> counts = new HashMap<>();
        for (int from = 0, to; from < lines.length; from = to + 1) {
            int newline = ByteSearch.indexOf(lines, (byte) '\n', from, lines.length);
            to = newline < 0 ? lines.length : newline;
            if (reader.read(context, lines, from, to) instanceof Reading.Says says
                    && says.signal() instanceof Signal.Request request
                    && request.outcome() != Signal.Outcome.ASIDE) {
                long at = possible(request.at());
                counts.merge(kind(request, at), new Count(1, at, at), Count::plus);
            }
        }
        return counts;
    }

    /// A moment that is ahead of the clock of who reads is this clock's, and one of a stamp without zone that is ahead
    /// by up to an hour is of before the clocks were put back.
    private long possible(long at) {
        long ahead = at - READ_AT.toEpochMilli();
        boolean hourAhead = source == SourceKind.HAPROXY && ahead > 1_800_000 && ahead <= 3_600_000;
        return hourAhead ? at - 3_600_000 : Math.min(at, READ_AT.toEpochMilli() + 2_000);
    }

    private Kind kind(Signal.Request request, long at) {
        Target target = SERVICES.target("edge1", request.proxy(), request.upstream(), request.server(), request.path());
        int status = request.outcome() == Signal.Outcome.SERVED ? 0 : request.status();
        return new Kind(target, request.proxy(), request.outcome(), status, Math.floorDiv(at, 1_000));
    }
}
