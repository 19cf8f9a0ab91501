package dev.gatewatch.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.testing.Broker;
import dev.gatewatch.agent.testing.HandClock;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A shell script stands for journalctl: it prints a file from the entry with the asked cursor on and, like
/// journalctl since 246, from the next one if that entry is gone.
class JournalFollowerTest {
    private static final String SCRIPT = """
            #!/bin/bash
            echo "$*" >> DIR/calls
            [ -e DIR/broken ] && exit 1
            cursor= follow=
            for a in "$@"; do
              case "$a" in --cursor=*) cursor="${a#--cursor=}";; --follow) follow=1;; esac
            done
            n=1
            if [ -n "$cursor" ]; then
              i="${cursor#*i=}"; i="${i%%;*}"
              n=$(awk -v want="$i" 'BEGIN { n = 0 } { if (match($0, /i=[0-9a-f]+;/)) { i = substr($0, RSTART + 2, RLENGTH - 3);
                if (length(i) > length(want) || (length(i) == length(want) && i >= want)) { print NR; n = NR; exit } } }
                END { if (!n) print NR + 1 }' DIR/journal)
            elif [ -n "$follow" ]; then
              n=$(($(wc -l < DIR/journal) + 1))
            fi
            if [ -n "$follow" ]; then exec tail -n +$n -f DIR/journal; else exec tail -n +$n DIR/journal; fi
            """;

    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private final Broker broker = new Broker();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Checkpoints checkpoints;
    private JournalFollower follower;
    private Path journal;

    @BeforeEach
    void start() throws IOException {
        journal = directory.resolve("journal");
        if (!Files.exists(journal)) {
            Files.createFile(journal);
        }
        Path script = directory.resolve("journalctl");
        Files.writeString(script, SCRIPT.replace("DIR", directory.toString()));
        script.toFile().setExecutable(true);
        AgentEvents events = new AgentEvents(meters);
        checkpoints = Checkpoints.open(directory.resolve("state"), clock, events);
        broker.connect(checkpoints);
        HostStamp stamp = new HostStamp("app1", ZoneOffset.UTC, clock, List::of);
        follower = new JournalFollower(List.of(script.toString()), stamp, broker, checkpoints, events);
    }

    @AfterEach
    void stop() throws IOException {
        follower.close();
        checkpoints.close();
    }

    private void restart() throws IOException {
        stop();
        start();
    }

    private String entry(String journalId, int sequence, String message) {
        long micros = clock.millis() * 1000;
        return "{\"MESSAGE\":\"" + message + "\",\"__CURSOR\":\"s=" + journalId + ";i=" + Integer.toHexString(sequence)
                + ";b=b0;m=1;t=" + Long.toHexString(micros) + ";x=1\"}\n";
    }

    private void write(String... entries) throws IOException {
        Files.writeString(journal, String.join("", entries), StandardOpenOption.APPEND);
    }

    /// Steps until it is so; the script is a process of its own, with a time of its own.
    private void pollUntil(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 1_000 && !done.getAsBoolean(); i++) {
            if (!follower.poll()) {
                Thread.sleep(10);
                clock.advance(Duration.ofMillis(10));
            }
        }
        assertThat(done.getAsBoolean()).as("within ten seconds").isTrue();
    }

    private String all() {
        StringBuilder text = new StringBuilder();
        broker.batches().forEach(batch -> text.append(Broker.text(batch)));
        return text.toString();
    }

    private void follow() throws InterruptedException {
        pollUntil(() -> calls().size() >= 1);
        Thread.sleep(200); // until `tail` has seen the end of the file
        follower.poll();
    }

    private List<String> calls() {
        try {
            Path calls = directory.resolve("calls");
            return Files.exists(calls) ? Files.readAllLines(calls) : new ArrayList<>();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void begins_at_the_end_and_follows_with_sequence_numbers_as_positions() throws Exception {
        write(entry("aa", 1, "old"));
        follow();
        String two = entry("aa", 2, "two");
        String three = entry("aa", 3, "three");

        write(two, three);
        pollUntil(() -> all().equals(two + three));

        LineBatch first = broker.batches().getFirst();
        assertThat(first.start()).isEqualTo(2);
        assertThat(broker.batches().getLast().end()).isEqualTo(4);
        assertThat(first.stream()).isEqualTo("app1:journald:aa");
        assertThat(first.origin()).isEqualTo("journal");
        assertThat(first.flags()).isEmpty();
        assertThat(calls().getFirst()).contains("--output=json --all", "--follow --lines=0");
    }

    @Test
    void goes_on_after_a_restart_without_loss_or_duplicate() throws Exception { // F46, F48
        follow();
        String one = entry("aa", 1, "one");
        write(one);
        pollUntil(() -> all().equals(one));
        String two = entry("aa", 2, "two");
        String three = entry("aa", 3, "three");
        restart();
        write(two);

        pollUntil(() -> all().equals(one + two));
        write(three);
        pollUntil(() -> all().equals(one + two + three));

        assertThat(broker.batches()).allSatisfy(batch -> assertThat(batch.gap()).isNull());
        assertThat(broker.batches().get(1).prev()).isEqualTo(2);
        assertThat(calls().get(1)).contains("--cursor=s=aa;i=1;").doesNotContain("--follow");
        assertThat(calls().get(2)).contains("--cursor=s=aa;i=2;", "--follow", "--no-tail");
    }

    @Test
    void what_was_not_acknowledged_is_sent_again() throws Exception {
        follow();
        String one = entry("aa", 1, "one");
        write(one);
        pollUntil(() -> all().equals(one));
        broker.acknowledging(false);
        String two = entry("aa", 2, "two");
        write(two);
        pollUntil(() -> all().equals(one + two));
        broker.acknowledging(true);
        restart();

        pollUntil(() -> all().equals(one + two + two));

        assertThat(broker.batches().getLast().start()).isEqualTo(2);
    }

    @Test
    void entries_that_were_vacuumed_before_they_were_read_leave_a_gap() throws Exception {
        follow();
        String one = entry("aa", 1, "one");
        write(one);
        pollUntil(() -> all().equals(one));
        stop();
        String nine = entry("aa", 9, "nine");
        Files.writeString(journal, nine);
        start();

        pollUntil(() -> all().equals(one + nine));

        LineBatch after = broker.batches().getLast();
        assertThat(after.gap()).isEqualTo(new Gap(Gap.Kind.VACUUMED, 7));
        assertThat(List.of(after.prev(), after.start(), after.end())).containsExactly(2L, 9L, 10L);
    }

    @Test
    void another_row_of_numbers_is_another_stream() throws Exception {
        follow();
        write(entry("aa", 100, "one"));
        write(entry("bb", 1, "two"));

        pollUntil(() -> broker.batches().size() == 2);

        assertThat(broker.batches())
                .extracting(LineBatch::stream)
                .containsExactly("app1:journald:aa", "app1:journald:bb");
        assertThat(broker.batches().getLast().prev()).isEqualTo(1);
    }

    @Test
    void a_program_that_fails_is_started_again_with_growing_pauses() throws Exception { // F44
        Files.createFile(directory.resolve("broken"));
        follow();
        pollUntil(() -> calls().size() == 1
                && meters.counter("gatewatch.agent.source.failures", "source", "journald")
                                .count()
                        == 1);
        follower.poll();
        int callsAtOnce = calls().size();
        clock.advance(Duration.ofSeconds(2));
        pollUntil(() -> calls().size() == 2);
        Files.delete(directory.resolve("broken"));
        clock.advance(Duration.ofSeconds(5));
        pollUntil(() -> calls().size() == 3);
        Thread.sleep(200);
        String one = entry("aa", 1, "one");
        write(one);

        pollUntil(() -> all().equals(one));

        assertThat(callsAtOnce).isEqualTo(1);
    }

    @Test
    void real_entries_pass_verbatim_whatever_they_hold() throws Exception { // F49, F50
        follow();
        String real;
        try (InputStream stream = JournalFollowerTest.class.getResourceAsStream("journal.json")) {
            real = new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        String forged =
                "{\"MESSAGE\":\"\\\"__CURSOR\\\":\\\"s=ff;i=ffff;t=1\\\"\",\"__CURSOR\":\"s=943c51707fed48a48679819cd8b2c42a;i=fff;b=b;m=1;t=1;x=1\"}\n";

        write(real, forged, "no entry at all\n", "{}\n");
        pollUntil(() -> all().equals(real + forged));

        assertThat(broker.batches())
                .extracting(LineBatch::stream)
                .containsOnly("app1:journald:943c51707fed48a48679819cd8b2c42a");
        assertThat(broker.batches().getLast().end()).isEqualTo(0x1000);
    }

    @Test
    void an_entry_longer_than_a_batch_is_cut() throws Exception {
        follow();
        String one = entry("aa", 1, "one");
        String huge = entry("aa", 2, "x".repeat(300_000));
        String three = entry("aa", 3, "three");

        write(one, huge, three);
        pollUntil(() -> all().endsWith(three));

        LineBatch cut = broker.batches().stream()
                .filter(batch -> batch.flags().contains(LineBatch.Flag.CUT))
                .findFirst()
                .orElse(null);
        if (cut != null) {
            assertThat(cut.lines()).hasSize(JournalBatches.MAX_BYTES).endsWith('\n');
            assertThat(cut.start()).isEqualTo(2);
        }
        assertThat(all()).startsWith(one);
        assertThat(broker.batches().getLast().end()).isEqualTo(4);
    }
}
