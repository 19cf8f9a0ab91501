package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.View;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.alerts.events.TargetEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Tells one Alertmanager what it is due to know, in a thread of its own, so that one that is slow or gone
/// holds up no other.
final class SendLoop implements AutoCloseable {
    private static final int BATCH = 256;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Board board;
    private final Target target;
    private final AlertWriter writer;
    private final AlertJson json = new AlertJson();
    private final Ledger ledger;
    private final InstantSource clock;
    private final Consumer<Subject> onTaken;
    private final Thread thread;
    private final TargetEvents events;
    private final AtomicInteger pending = new AtomicInteger();

    /// A send loop.
    ///
    /// @param onTaken is told of every alert that was taken
    SendLoop(
            Board board,
            Target target,
            AlertWriter writer,
            Ledger ledger,
            InstantSource clock,
            AlertsEvents events,
            Consumer<Subject> onTaken) {
        this.board = board;
        this.target = target;
        this.writer = writer;
        this.ledger = ledger;
        this.clock = clock;
        this.onTaken = onTaken;
        this.events = events.target(target.name(), pending::get);
        thread = Thread.ofVirtual().name("send " + target.name()).unstarted(this::work);
    }

    /// Begins to send.
    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (target instanceof HttpTarget http) {
            http.close();
        }
    }

    private void work() {
        Duration pause = FIRST_PAUSE;
        View view = board.view();
        try {
            while (!Thread.interrupted()) {
                List<Subject> subjects = view.complete() ? Subject.of(view) : List.of();
                ledger.keepOnly(subjects);
                if (send(subjects)) {
                    pause = FIRST_PAUSE;
                    view = board.awaitChange(view.version(), ledger.idle(subjects, clock.instant(), LONGEST_WAIT));
                } else {
                    Thread.sleep(jittered(pause));
                    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
                    view = board.view();
                }
            }
        } catch (InterruptedException e) {
            // closed: what is due stays due, and the next start finds it in the topic
        }
    }

    /// Sends all that is due; false if the Alertmanager did not take part of it.
    private boolean send(List<Subject> subjects) throws InterruptedException {
        List<Subject> due = ledger.due(subjects, clock.instant());
        pending.set(due.size());
        for (int from = 0; from < due.size(); from += BATCH) {
            if (!sendBatch(due.subList(from, Math.min(from + BATCH, due.size())))) {
                return false;
            }
        }
        return true;
    }

    /// A batch with an invalid alert in it is halved until that one is alone, so that the others get through.
    private boolean sendBatch(List<Subject> batch) throws InterruptedException {
        Instant now = clock.instant();
        long begun = System.nanoTime();
        return switch (target.post(encode(batch, now))) {
            case Target.Answer.Taken _ -> {
                taken(batch, now, Duration.ofNanos(System.nanoTime() - begun));
                yield true;
            }
            case Target.Answer.Failed(String why) -> {
                events.failed(why);
                yield false;
            }
            case Target.Answer.Invalid(String why)
            when batch.size() == 1 -> {
                ledger.refused(batch.getFirst(), now);
                pending.decrementAndGet();
                events.refused(batch.getFirst().incident().id(), why);
                yield true;
            }
            case Target.Answer.Invalid _ -> {
                int middle = batch.size() / 2;
                yield sendBatch(batch.subList(0, middle)) && sendBatch(batch.subList(middle, batch.size()));
            }
        };
    }

    private byte[] encode(List<Subject> batch, Instant now) {
        List<Alert> alerts = new ArrayList<>(batch.size());
        for (Subject subject : batch) {
            alerts.add(writer.write(subject, now));
        }
        return json.encode(alerts);
    }

    private void taken(List<Subject> batch, Instant now, Duration duration) {
        ledger.taken(batch, now);
        pending.addAndGet(-batch.size());
        events.sent(batch.size(), duration);
        batch.forEach(onTaken);
    }

    private static Duration jittered(Duration pause) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
