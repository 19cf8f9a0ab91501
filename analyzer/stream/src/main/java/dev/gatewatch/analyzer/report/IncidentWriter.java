package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Backend;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Hearing;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.cause.Sources;
import dev.gatewatch.analyzer.cause.Workload;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.incident.Incident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes an incident of a burst and its diagnosis.
public final class IncidentWriter {
    private static final int MOST_EVIDENCE = 20;
    private static final int MOST_PROOF = 10;
    private static final int MOST_ROWS = 120;
    private static final long LEAD_IN_MILLIS = 15_000;
    private static final int MOST_NAME = 300;
    private static final int MOST_SUMMARY = 1_000;

    private final Handbook handbook;

    public IncidentWriter(Handbook handbook) {
        this.handbook = handbook;
    }

    /// Name and place of a revision in the life of an incident.
    ///
    /// @param resolvedAt when it was closed, milliseconds since 1970; null while it is open
    public record Revision(String id, int number, @Nullable Long resolvedAt) {}

    /// The incident.
    ///
    /// @param state the service, for its seconds
    public Incident write(
            Revision revision, ServiceState state, Scene scene, Catalogue.Diagnosis diagnosis, Hearing hearing) {
        Burst burst = scene.burst();
        Finding best = diagnosis.best();
        List<String> missing = Sources.missing(scene);
        List<String> silentHosts = Sources.silentHosts(scene);
        Confidence confidence = Confidence.of(diagnosis, missing, silentHosts);
        String service = cut(service(state, scene), MOST_NAME);
        return new Incident(
                revision.id(),
                revision.number(),
                revision.resolvedAt() == null ? Incident.State.OPEN : Incident.State.RESOLVED,
                service,
                best.id().cause(),
                best.id().subCause().isEmpty() ? null : best.id().subCause(),
                confidence.value(),
                confidence.verdict(),
                cut(summary(service, scene, best, hearing), MOST_SUMMARY),
                Instant.ofEpochMilli(burst.startedAt()),
                Instant.ofEpochMilli(burst.detectedAt()),
                Instant.ofEpochMilli(burst.lastFailureAt()),
                revision.resolvedAt() == null ? null : Instant.ofEpochMilli(revision.resolvedAt()),
                best.culpritHost() == null ? null : new Incident.Culprit(best.culpritHost(), best.culpritUnit()),
                Stream.concat(scene.proxies().stream(), scene.relays().stream())
                        .map(p -> new Incident.Proxy(p.host(), p.kind()))
                        .toList(),
                endpoints(scene),
                requests(state, burst),
                evidence(scene, best),
                new CausalChain(scene).links(best),
                alternatives(diagnosis, confidence),
                new Checks(scene, missing, silentHosts, hearing).all(best),
                runbook(scene, best));
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }

    private static String service(ServiceState state, Scene scene) {
        return scene.worst()
                .map(b -> b.endpoint().upstream())
                .filter(name -> !name.isEmpty())
                .orElse(state.service());
    }

    private static String summary(String service, Scene scene, Finding best, Hearing hearing) {
        long failures = scene.burst().failures();
        String through = hosts(scene.proxies());
        String passedOn = hosts(scene.relays());
        return sentence(best.because(), scene) + "; " + failures
                + (failures == 1 ? " request" : " requests") + " for " + service + " failed"
                + (through.isEmpty() ? "" : " through " + through)
                + (passedOn.isEmpty() ? "" : ", which stands behind " + passedOn) + "."
                + (hearing.isComplete()
                        ? ""
                        : " Whether they still fail is not known: " + String.join(", ", hearing.lost()) + ".");
    }

    /// The clause as a sentence begins, unless it begins with a name: those stand as they are in configurations.
    private static String sentence(String because, Scene scene) {
        boolean beginsWithWord = because.matches("[a-z]+ .*")
                && scene.worst()
                        .map(b -> !because.startsWith(b.who()) && !because.startsWith(b.label()))
                        .orElse(true);
        return beginsWithWord ? Character.toUpperCase(because.charAt(0)) + because.substring(1) : because;
    }

    private static String hosts(List<Scene.Proxy> proxies) {
        return proxies.stream().map(Scene.Proxy::host).distinct().collect(Collectors.joining(", "));
    }

    private static List<Incident.Endpoint> endpoints(Scene scene) {
        return scene.backends().stream()
                .map(b -> {
                    Endpoint e = b.endpoint();
                    String server = e.server().isEmpty() ? null : e.upstream() + "/" + e.server();
                    return new Incident.Endpoint(b.label(), server, e.failures());
                })
                .toList();
    }

    private static Incident.Requests requests(ServiceState state, Burst burst) {
        TreeMap<String, Long> failed = new TreeMap<>();
        burst.failed().forEach((status, count) -> failed.put(String.format(Locale.ROOT, "%03d", status), count));
        List<List<Long>> rows =
                state
                        .seconds()
                        .totals(burst.startedAt() - LEAD_IN_MILLIS, burst.lastFailureAt() + LEAD_IN_MILLIS)
                        .stream()
                        .map(s -> List.of(s.second(), s.requests(), s.failures()))
                        .toList();
        List<List<Long>> newest = rows.subList(Math.max(0, rows.size() - MOST_ROWS), rows.size());
        long untilLastFailure = burst.requests() - burst.servedSince();
        return new Incident.Requests(untilLastFailure, failed, burst.masked(), newest);
    }

    private static List<Incident.Evidence> evidence(Scene scene, Finding best) {
        List<Incident.Evidence> evidence = new ArrayList<>();
        best.proof().stream().limit(MOST_PROOF).forEach(p -> evidence.add(evidence(p)));
        scene.seen().stream()
                .filter(s -> s.sighting().lastAt() >= scene.troubleAt())
                .filter(s -> s.sighting().firstAt() <= scene.burst().lastFailureAt())
                .sorted(Comparator.<Seen>comparingLong(s -> s.sighting().count())
                        .reversed())
                .limit(MOST_EVIDENCE - evidence.size())
                .forEach(s -> evidence.add(evidence(s)));
        return evidence.stream()
                .distinct()
                .sorted(Comparator.comparing(Incident.Evidence::at).thenComparing(Incident.Evidence::says))
                .toList();
    }

    private static Incident.Evidence evidence(Finding.Proof proof) {
        HostEvent e = proof.event();
        return new Incident.Evidence(
                Instant.ofEpochMilli(e.at()), proof.host(), e.source(), e.line(), e.id(), e.count());
    }

    private static Incident.Evidence evidence(Seen seen) {
        Sighting s = seen.sighting();
        return new Incident.Evidence(
                Instant.ofEpochMilli(s.firstAt()), seen.host(), s.source(), s.line(), s.id(), s.count());
    }

    /// What is left of the probability goes to the other causes, by their strength.
    private static List<Incident.Alternative> alternatives(Catalogue.Diagnosis diagnosis, Confidence confidence) {
        double weights = diagnosis.others().stream()
                .mapToDouble(f -> f.strength().confidence())
                .sum();
        return diagnosis.others().stream()
                .map(f -> new Incident.Alternative(
                        f.id().cause(),
                        f.id().subCause().isEmpty() ? null : f.id().subCause(),
                        Math.round((1 - confidence.value()) * f.strength().confidence() / Math.max(weights, 1) * 100)
                                / 100.0,
                        against(f, diagnosis.best())))
                .toList();
    }

    private static String against(Finding other, Finding best) {
        if (Catalogue.isUnknown(best)) {
            return "nothing is shipped that would tell: " + other.because();
        }
        boolean weaker = other.strength().compareTo(best.strength()) < 0;
        return (weaker ? "the evidence is weaker (" + other.because() + ") than for: " : "explained by: ")
                + best.because();
    }

    private Incident.Runbook runbook(Scene scene, Finding best) {
        Section section = handbook.section(best.id());
        Map<String, String> values = values(scene, best);
        return new Incident.Runbook(
                Commands.filled(section.diagnose(), values), Commands.filled(section.repair(), values), section.page());
    }

    private static Map<String, String> values(Scene scene, Finding best) {
        Map<String, String> values = new LinkedHashMap<>();
        put(values, "host", best.culpritHost());
        String culprit = best.culpritUnit();
        boolean ofWorkload = scene.worst()
                .map(Backend::workload)
                .filter(w -> w.label().equals(culprit))
                .isPresent();
        put(values, "unit", ofWorkload ? null : culprit); // systemctl knows neither containers nor pods
        scene.worst().ifPresent(b -> {
            String address = b.endpoint().address();
            put(values, "upstream", b.endpoint().upstream());
            Workload workload = b.workload();
            if (workload != null) {
                putWorkload(values, workload);
            }
            if (SocketAddressText.isUnix(address)) {
                put(values, "socket", address.substring("unix:".length()));
            } else if (b.port() > 0) {
                put(values, "address", address);
                put(values, "ip", SocketAddressText.host(address));
                put(values, "port", String.valueOf(b.port()));
            }
        });
        scene.proxies().stream().findFirst().ifPresent(p -> {
            put(values, "proxy_kind", p.kind());
            if (p.kind().equals("alb")) { // nobody types commands on it
                put(values, "balancer", p.kind());
                return;
            }
            put(values, "proxy", p.host());
            put(values, "proxy_log", ProxyCommands.log(scene.hosts(), p).orElse(null));
            put(
                    values,
                    "proxy_unit",
                    scene.hosts()
                            .byName(p.host())
                            .map(h -> h.proxyUnit(p.kind()))
                            .orElse(p.kind() + ".service"));
        });
        return values;
    }

    /// Of a pod `kubectl` wants the bare name; what it belongs to is that name without the two random parts.
    private static void putWorkload(Map<String, String> values, Workload workload) {
        if (workload.pod().isEmpty()) {
            put(values, "container", workload.label());
            return;
        }
        String pod = workload.pod().substring(workload.pod().indexOf('/') + 1);
        put(values, "pod", pod);
        String[] parts = pod.split("-", -1);
        if (parts.length > 2) {
            put(values, "workload", String.join("-", List.of(parts).subList(0, parts.length - 2)));
        }
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            values.put(name, value);
        }
    }
}
