package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.burst.FailedTry;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.incident.Incident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How one thing led to another until requests failed: what proves the cause, the first try that it spoilt,
/// the first request that failed, the proxy that passed it on. Each link is an event of which a line tells.
///
/// Many lines carry whole seconds only. So links are ordered by the second, then cause before effect, then by
/// the moment; and within its second such a line counts as no earlier than what led to it.
final class CausalChain {
    private static final int MOST_LINKS = 8;
    private static final int MOST_OF_THE_CAUSE = 4;
    private static final int MOST_TEXT = 300;

    /// What happens longer than this after the first failure did not lead to it, in milliseconds.
    private static final long AFTER_MILLIS = 5_000;

    private static final Set<String> WHOLE_SECONDS = Set.of("nginx-access", "nginx-error");

    private final Scene scene;

    /// What can lead to what: the kernel acts, a unit ends, a proxy changes, a try fails, a health check
    /// notices, a request fails, a proxy in front passes it on.
    private enum Rank {
        KERNEL,
        HOST,
        PROXY,
        TRY,
        CHECK,
        REQUEST,
        RELAY
    }

    /// The steps of a unit's life in the order in which systemd takes them, however many it logs in one moment.
    private static final List<String> STEPS = List.of(
            "unit_watchdog",
            "unit_stopping",
            "unit_main_exited",
            "unit_main_exited_signal",
            "unit_success",
            "oom_unit_notice",
            "unit_failed",
            "unit_stopped",
            "unit_restart_scheduled",
            "unit_starting",
            "unit_started",
            "unit_start_limit");

    private record Ranked(Rank rank, Incident.Link link) {}

    CausalChain(Scene scene) {
        this.scene = scene;
    }

    /// The links, first to last, at most eight.
    List<Incident.Link> links(Finding finding) {
        List<Ranked> links = new ArrayList<>(causes(finding));
        firstOf(Rank.TRY).stream().limit(1).forEach(links::add);
        firstOf(Rank.REQUEST).stream().limit(1).forEach(links::add);
        firstOf(Rank.CHECK).stream().limit(1).forEach(links::add);
        firstOf(Rank.RELAY).forEach(links::add);
        List<Ranked> ordered = links.stream()
                .limit(MOST_LINKS)
                .sorted(Comparator.<Ranked>comparingLong(l -> l.link().at().getEpochSecond())
                        .thenComparing(Ranked::rank)
                        .thenComparing(l -> l.link().at())
                        .thenComparingInt(l -> step(l.link().says()))
                        .thenComparing(l -> l.link().host())
                        .thenComparing(l -> l.link().says()))
                .toList();
        return fromFirstFailure(ordered);
    }

    /// The links with their distance from the first request that failed.
    private List<Incident.Link> fromFirstFailure(List<Ranked> ordered) {
        List<Long> moments = new ArrayList<>();
        long origin = scene.burst().startedAt();
        boolean failed = false;
        for (Ranked ranked : ordered) {
            long at = ranked.link().at().toEpochMilli();
            long before = moments.isEmpty() ? at : moments.getLast();
            boolean sameSecond = Math.floorDiv(before, 1_000) == Math.floorDiv(at, 1_000);
            moments.add(sameSecond && WHOLE_SECONDS.contains(ranked.link().source()) ? Math.max(at, before) : at);
            if (!failed && ranked.rank() == Rank.REQUEST) {
                failed = true;
                origin = moments.getLast();
            }
        }
        List<Incident.Link> links = new ArrayList<>();
        for (int i = 0; i < ordered.size(); i++) {
            Incident.Link l = ordered.get(i).link();
            links.add(new Incident.Link(l.at(), moments.get(i) - origin, l.host(), l.source(), l.says(), l.text()));
        }
        return links;
    }

    /// What proves the cause, the first event of each kind.
    private List<Ranked> causes(Finding finding) {
        Map<String, Ranked> kinds = new LinkedHashMap<>();
        finding.proof().stream()
                .sorted(Comparator.comparingLong((Finding.Proof p) -> p.event().at())
                        .thenComparingInt(p -> step(p.event().id()))
                        .thenComparing(p -> p.event().id()))
                .forEach(p -> kinds.putIfAbsent(
                        p.host() + " " + EventWords.of(p.event().signal()), ranked(p.host(), p.event())));
        long last = scene.burst().startedAt() + AFTER_MILLIS;
        List<Ranked> inTime = kinds.values().stream()
                .filter(l -> l.link().at().toEpochMilli() <= last)
                .toList();
        return (inTime.isEmpty() ? kinds.values().stream().limit(1) : inTime.stream())
                .limit(MOST_OF_THE_CAUSE)
                .toList();
    }

    private static int step(String says) {
        return STEPS.indexOf(says);
    }

    private Ranked ranked(String host, HostEvent event) {
        Rank rank = switch (event.signal()) {
            case Signal.KernelEvent e -> Rank.KERNEL;
            case Signal.ProxyEvent e -> Rank.PROXY;
            default -> Rank.HOST;
        };
        return new Ranked(rank, link(event.at(), host, event.source(), event.signal()));
    }

    /// The first line of this rank that each proxy wrote, the earliest first.
    private List<Ranked> firstOf(Rank rank) {
        Map<String, Ranked> byProxy = new LinkedHashMap<>();
        scene.seen().stream()
                .filter(s -> rankOf(s.sighting().signal()) == rank
                        && (rank == Rank.CHECK || s.sighting().lastAt() >= scene.troubleAt())
                        && s.sighting().firstAt() <= scene.burst().lastFailureAt())
                .sorted(Comparator.comparingLong(this::at)
                        .thenComparingLong(s -> -s.sighting().count())
                        .thenComparing(Seen::host)
                        .thenComparing(s -> s.sighting().id())
                        .thenComparing(s -> s.sighting().target().address()))
                .forEach(s -> byProxy.putIfAbsent(s.host() + " " + s.kind(), ranked(rank, s)));
        return List.copyOf(byProxy.values());
    }

    private Ranked ranked(Rank rank, Seen seen) {
        Sighting s = seen.sighting();
        return new Ranked(rank, link(at(seen), seen.host(), s.source(), s.signal()));
    }

    /// When this kind of line came first within the trouble: a single one long before is another story.
    private long at(Seen seen) {
        long first = seen.sighting().firstAt();
        boolean ofItsOwn = rankOf(seen.sighting().signal()) == Rank.CHECK; // it may have led to the trouble
        return ofItsOwn || first >= scene.troubleAt() ? first : scene.burst().startedAt();
    }

    private static Rank rankOf(Signal signal) {
        return switch (signal) {
            case Signal.Trouble trouble when FailedTry.isOne(trouble) -> Rank.TRY;
            case Signal.ServerState state
            when state.id().equals("server_down") || state.id().equals("server_maint") -> Rank.CHECK;
            case Signal.Request request ->
                switch (request.outcome()) {
                    case FAILED, PASSED_THROUGH -> Rank.REQUEST;
                    case RELAYED -> Rank.RELAY;
                    case SERVED, MASKED, ASIDE -> Rank.HOST;
                };
            default -> Rank.HOST;
        };
    }

    private Incident.Link link(long at, String host, String source, Signal signal) {
        String text = EventWords.of(signal);
        return new Incident.Link(
                Instant.ofEpochMilli(at),
                0,
                host,
                source,
                signal.id(),
                text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT - 1) + "…");
    }
}
