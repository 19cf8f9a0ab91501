package dev.gatewatch.agent;

import dev.gatewatch.agent.events.AgentEvents;
import java.time.Duration;

/// A thread that does the same step again and again until it is told to stop, whatever the step throws.
final class Loop {
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

    private final Thread thread;
    private volatile boolean stopping;

    /// What a loop does.
    @FunctionalInterface
    interface Step {
        /// Does a bounded piece of work and returns how long to wait before the next.
        Duration run() throws InterruptedException;
    }

    Loop(String name, Step step, AgentEvents events) {
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(name, step, events));
    }

    private void run(String name, Step step, AgentEvents events) {
        while (!stopping) {
            try {
                Duration pause = step.run();
                if (!pause.isZero() && !stopping) {
                    Thread.sleep(pause);
                }
            } catch (InterruptedException e) {
                // either stop() or nothing: the condition of the loop tells
            } catch (RuntimeException e) {
                if (!stopping) {
                    events.unexpected(name, e);
                    pauseAfterTrouble();
                }
            }
        }
    }

    private static void pauseAfterTrouble() {
        try {
            Thread.sleep(AFTER_TROUBLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void start() {
        thread.start();
    }

    /// Asks the loop to end after its present step.
    void askToStop() {
        stopping = true;
    }

    /// Waits for the end of the present step, and breaks it off after `patience`.
    void awaitStop(Duration patience) throws InterruptedException {
        askToStop();
        if (thread.isAlive() && !thread.join(patience)) {
            thread.interrupt();
            thread.join(patience);
        }
    }
}
