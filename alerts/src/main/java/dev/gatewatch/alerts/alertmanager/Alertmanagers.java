package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.Incident;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The send loops of all Alertmanagers. Each is told everything, as Alertmanager's documentation asks of its
/// clients.
public final class Alertmanagers implements AutoCloseable {
    private final List<SendLoop> loops = new ArrayList<>();
    private final List<Target> targets;
    private final Board board;
    private final AlertsEvents events;
    private final InstantSource clock;
    private final Instant begun;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private Alertmanagers(Board board, List<Target> targets, AlertsEvents events, InstantSource clock) {
        this.board = board;
        this.targets = targets;
        this.events = events;
        this.clock = clock;
        begun = clock.instant();
    }

    /// Begins to send.
    ///
    /// @param printed alerts are printed there instead of sent, if it is not null
    public static Alertmanagers start(
            Settings settings, Board board, AlertsEvents events, InstantSource clock, @Nullable PrintStream printed) {
        List<Target> targets = printed == null
                ? settings.alertmanagers().stream().<Target>map(HttpTarget::new).toList()
                : List.of(new DryRun(printed));
        Alertmanagers all = new Alertmanagers(board, targets, events, clock);
        all.begin(settings);
        return all;
    }

    /// What is sent, and where to.
    ///
    /// @param externalUrl where people reach the incident page
    /// @param runbooks where the handbook of causes is published, null if nowhere
    public record Settings(
            List<AlertmanagerConfig> alertmanagers,
            SendingConfig sending,
            String cluster,
            URI externalUrl,
            @Nullable URI runbooks) {}

    @Override
    public void close() {
        loops.forEach(SendLoop::close);
    }

    private void begin(Settings settings) {
        AlertWriter writer =
                new AlertWriter(settings.cluster(), settings.sending(), settings.externalUrl(), settings.runbooks());
        for (Target target : targets) {
            Ledger ledger = new Ledger(settings.sending());
            SendLoop loop = new SendLoop(board, target, writer, ledger, clock, events, this::taken);
            loops.add(loop);
            loop.start();
        }
    }

    private void taken(Subject subject) {
        Incident incident = subject.incident();
        boolean fresh = incident.detectedAt().isAfter(begun) && acknowledged.add(incident.id());
        if (fresh) {
            Duration since = Duration.between(incident.detectedAt(), clock.instant());
            events.firstAck(since.isNegative() ? Duration.ZERO : since);
            acknowledged.retainAll(board.view().byId().keySet());
        }
    }
}
