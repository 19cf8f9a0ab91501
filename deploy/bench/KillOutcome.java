import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came of feeding a recording.
///
/// @param revisions what stands in the incidents' topic, committed, in its order
/// @param stops how long the flow stood still after each kill
record KillOutcome(List<Incident> revisions, List<Duration> stops) {

    /// What is told of each incident in the end, by its id.
    Map<String, String> incidents() {
        Map<String, String> last = new TreeMap<>();
        revisions.forEach(i -> last.put(
                i.id(),
                "%s %s/%s %s of %d from %s"
                        .formatted(
                                i.state(),
                                i.cause(),
                                i.subCause(),
                                i.requests().failed(),
                                i.requests().total(),
                                i.startedAt())));
        return last;
    }

    /// Revisions that were told twice.
    private List<String> repeated() {
        Map<String, Integer> newest = new HashMap<>();
        List<String> repeated = new ArrayList<>();
        for (Incident i : revisions) {
            Integer before = newest.put(i.id(), i.revision());
            if (before != null && before >= i.revision()) {
                repeated.add(i.id() + " revision " + i.revision() + " after " + before);
            }
        }
        return repeated;
    }

    /// How these incidents differ from others of the same recording, empty if they do not.
    List<String> differencesFrom(KillOutcome other) {
        List<String> differences = new ArrayList<>(repeated());
        if (!incidents().equals(other.incidents())) {
            differences.add(incidents() + " instead of " + other.incidents());
        }
        return differences;
    }

    String told() {
        return incidents().values() + (repeated().isEmpty() ? "" : " REPEATED " + repeated());
    }
}
