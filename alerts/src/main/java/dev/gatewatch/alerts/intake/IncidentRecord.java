package dev.gatewatch.alerts.intake;

import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A record of the incidents topic, read and checked: what comes out of here has no hole that a page or an
/// alert could fall into.
sealed interface IncidentRecord {
    record Read(Change change) implements IncidentRecord {}

    record Malformed(String why) implements IncidentRecord {}

    /// Reads records.
    final class Reader {
        private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
        private static final int MOST_SECONDS = 1_000;

        private final IncidentJson json = new IncidentJson();

        IncidentRecord read(byte @Nullable [] key, byte @Nullable [] value) {
            if (key == null) {
                return new Malformed("no key (expected: the incident's id)");
            }
            String id = new String(key, StandardCharsets.UTF_8);
            if (value == null) {
                return new Read(new Change.Removed(id));
            }
            try {
                Incident incident = json.decode(value);
                String hole = hole(id, incident);
                return hole == null ? new Read(new Change.Revised(incident)) : new Malformed(hole);
            } catch (IOException e) {
                return new Malformed(
                        Objects.toString(e.getMessage()).lines().findFirst().orElse("not JSON"));
            }
        }

        private static @Nullable String hole(String key, @Nullable Incident incident) {
            if (incident == null) {
                return "null (expected: an incident)";
            }
            if (!key.equals(incident.id()) || !ID.matcher(key).matches()) {
                return "id " + incident.id() + " under key " + key
                        + " (expected: both the same, 8 to 64 letters or digits)";
            }
            if (holes(incident)) {
                return "members are missing (expected: all that the schema requires)";
            }
            boolean resolved = incident.state() == Incident.State.RESOLVED;
            if (resolved != (incident.resolvedAt() != null)) {
                return "state " + incident.state() + ", resolvedAt " + incident.resolvedAt()
                        + " (expected: both or neither)";
            }
            return null;
        }

        private static boolean holes(Incident incident) {
            return anyNull(
                            incident.state(),
                            incident.service(),
                            incident.cause(),
                            incident.verdict(),
                            incident.summary())
                    || anyNull(incident.startedAt(), incident.detectedAt(), incident.lastFailureAt())
                    || anyNull(incident.requests(), incident.runbook())
                    || incident.requests().failed() == null
                    || incident.runbook().page() == null
                    || incident.requests().perSecond().size() > MOST_SECONDS
                    || incident.requests().perSecond().stream().anyMatch(Reader::brokenSecond)
                    || Stream.of(parts(incident)).anyMatch(part -> anyNull(part.toArray()));
        }

        private static boolean brokenSecond(List<Long> row) {
            return row.size() != 3 || row.stream().anyMatch(number -> number == null || number < 0);
        }

        private static Stream<?>[] parts(Incident incident) {
            Incident.Culprit culprit = incident.culprit();
            return new Stream<?>[] {
                culprit == null ? Stream.of() : Stream.of(List.of()).map(_ -> culprit.host()),
                incident.requests().failed().values().stream(),
                incident.proxies().stream().flatMap(proxy -> members(proxy.host(), proxy.kind())),
                incident.endpoints().stream().map(Incident.Endpoint::address),
                incident.evidence().stream().flatMap(e -> members(e.at(), e.host(), e.source(), e.line(), e.says())),
                incident.chain().stream().flatMap(l -> members(l.at(), l.host(), l.source(), l.says(), l.text())),
                incident.alternatives().stream().flatMap(other -> members(other.cause(), other.against())),
                incident.checks().stream()
                        .flatMap(check -> members(check.step(), check.question(), check.answer(), check.result()))
            };
        }

        private static Stream<@Nullable Object> members(@Nullable Object... members) {
            return Arrays.stream(members);
        }

        private static boolean anyNull(@Nullable Object... members) {
            return Arrays.stream(members).anyMatch(Objects::isNull);
        }
    }
}
