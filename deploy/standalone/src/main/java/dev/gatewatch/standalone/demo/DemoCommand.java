package dev.gatewatch.standalone.demo;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.standalone.site.IncidentLines;
import dev.gatewatch.standalone.site.TemporaryFolder;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `demo [--keep] [--speed N]`: shows Gatewatch at work.
public final class DemoCommand {
    private static final String USAGE = """
            usage: gatewatch demo [--keep] [--speed N]

            Plays a recorded fault (an application behind NGINX is killed for memory, three times) into log files at its real
            pace, with agents, a Kafka broker, the analyzer and the alert service in this process, and prints what they find.
            Needs no root and nothing else; everything is written to a temporary folder that is removed at the end.

              --keep      stay when the fault is over, so that the page can be looked at; ends with Ctrl-C
              --speed N   play N times as fast (1 to 10)

            exit status: 0 if the fault was found and seen to end, 1 if not, 2 for wrong usage
            """;

    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final Duration UNTIL_RESOLVED = Duration.ofSeconds(90);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;
    private final Map<String, Incident> incidents = new HashMap<>();
    private final CountDownLatch resolved = new CountDownLatch(1);

    public DemoCommand(PrintStream out, PrintStream err, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /// Does what the arguments say; the exit status.
    public int run(List<String> arguments) throws Exception {
        List<String> rest = new ArrayList<>(arguments);
        if (rest.contains("--help") || rest.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        boolean keep = rest.remove("--keep");
        int at = rest.indexOf("--speed");
        int speed = speed(rest);
        if (speed < 1) {
            return wrongUsage(
                    at + 1 < rest.size()
                            ? "--speed " + rest.get(at + 1) + " (expected: a whole number from 1 to 10)"
                            : "--speed needs a number from 1 to 10");
        }
        return rest.isEmpty() ? show(keep, speed) : wrongUsage("unexpected argument '" + rest.getFirst() + "'");
    }

    private int wrongUsage(String what) {
        err.println("gatewatch demo: " + what);
        err.print(USAGE);
        return 2;
    }

    /// Takes `--speed N` out of the arguments; 1 if it is not there, 0 if it makes no sense.
    private static int speed(List<String> arguments) {
        int at = arguments.indexOf("--speed");
        if (at < 0) {
            return 1;
        }
        if (at + 1 >= arguments.size() || !arguments.get(at + 1).matches("[1-9]|10")) {
            return 0;
        }
        arguments.remove(at);
        return Integer.parseInt(arguments.remove(at));
    }

    private int show(boolean keep, int speed) throws Exception {
        out.println(
                "An application is about to run out of memory behind NGINX: recorded on two real machines, played again now.");
        try (TemporaryFolder folder = TemporaryFolder.create("gatewatch-demo-");
                Playback playback = new Playback(folder.path(), clock)) {
            folder.stopAtSignal(playback::close);
            boolean seen = play(playback, speed);
            if (keep) {
                say("stays until Ctrl-C");
                new CountDownLatch(1).await();
            }
            say(
                    seen
                            ? "the demonstration is over, all went well"
                            : "the demonstration is over, and the fault was not seen to end");
            return seen ? 0 : 1;
        }
    }

    private boolean play(Playback playback, int speed) throws Exception {
        String kafka = playback.startBroker();
        say("Kafka runs in this process on " + kafka);
        playback.startAnalyzer(kafka, QUIET);
        say("the analyzer runs");
        var page = playback.startAlerts(kafka, List.of());
        say("incidents are shown on http://127.0.0.1:" + page.getPort() + "/");
        playback.follow(kafka, this::tell);
        playback.startAgents(kafka);
        say("the agents of " + String.join(" and ", playback.hosts()) + " ship their logs");
        say("traffic is fine; the fault begins in " + 12 / speed + " s and lasts " + 22 / speed + " s");
        playback.play(speed);
        say("the fault is over; waiting until " + QUIET.toSeconds() + " s have passed without a failed request");
        return resolved.await(UNTIL_RESOLVED.toSeconds(), TimeUnit.SECONDS);
    }

    private synchronized void tell(Incident incident) {
        Incident before = incidents.put(incident.id(), incident);
        IncidentLines.of(incident, before).forEach(this::say);
        if (incident.state() == Incident.State.RESOLVED) {
            resolved.countDown();
        }
    }

    private void say(String text) {
        out.println(TIME.format(clock.instant()) + "  " + text);
        out.flush();
    }
}
