package dev.gatewatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.testing.Broker;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stories of files; F-numbers are cases that shippers in the field failed.
class FileTailerTest {
    @TempDir
    Path directory;

    TailRig rig;

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private TailRig rig() {
        rig = TailRig.fromBeginning(directory);
        return rig;
    }

    private static List<String> texts(List<LineBatch> batches) {
        return batches.stream().map(Broker::text).toList();
    }

    @Test
    void ships_whole_lines_of_a_growing_file_with_positions_that_join() {
        rig().append("one\ntwo\n");
        rig.poll().append("three\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("one\ntwo\n", "three\n");
        LineBatch first = rig.broker.batches().getFirst();
        assertThat(first.host()).isEqualTo("edge1");
        assertThat(first.addresses()).containsExactly("10.0.0.1");
        assertThat(first.source()).isEqualTo(SourceKind.NGINX_ACCESS);
        assertThat(first.origin()).isEqualTo(rig.log.toString());
        assertThat(List.of(first.prev(), first.start(), first.end())).containsExactly(0L, 0L, 8L);
        assertThat(first.utcOffset().getTotalSeconds()).isIn(3600, 7200);
        LineBatch second = rig.broker.batches().getLast();
        assertThat(List.of(second.prev(), second.start(), second.end())).containsExactly(8L, 8L, 14L);
        assertThat(second.stream()).isEqualTo(first.stream());
    }

    @Test
    void begins_at_the_end_of_a_file_that_was_there_at_the_first_start_and_at_byte_0_of_later_ones() {
        rig = new TailRig(directory, false, FileTailer.BLOCK_SIZE);
        rig.append("old\nhalf");
        rig.poll().append(" and half\nnew\n");
        rig.poll().rename(".1");
        rig.append("born later\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("half and half\nnew\n", "born later\n");
        assertThat(rig.broker.batches().getFirst().start()).isEqualTo(4);
    }

    @Test
    void remembers_where_the_end_was_even_if_killed_before_anything_was_shipped() {
        rig = new TailRig(directory, false, FileTailer.BLOCK_SIZE);
        rig.append("old\n");
        rig.poll().killAndRestart();
        rig.append("new\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("new\n");
    }

    @Test
    void half_a_line_waits_for_its_end_however_long_it_takes() { // F14
        rig().append("whole\nhal");
        rig.pollFor(Duration.ofMinutes(10)).append("f\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("whole\n", "half\n");
    }

    @Test
    void drains_the_renamed_file_while_reading_the_new_one_from_byte_0() { // F1, F3
        rig().append("1\n");
        rig.poll().append("2 pending\n");
        rig.rename(".1");
        rig.append("new 1\n");
        rig.poll();
        TailRig.append(rig.rotated(".1"), "3 late, from a worker that has not reopened\n");

        rig.poll();

        assertThat(rig.broker.streams().values())
                .containsExactly("1\n2 pending\n3 late, from a worker that has not reopened\n", "new 1\n");
        assertThat(rig.broker.batches())
                .allSatisfy(batch -> assertThat(batch.gap()).isNull());
    }

    @Test
    void goes_on_with_a_renamed_file_that_nothing_replaced() {
        rig().append("1\n");
        rig.poll().rename(".1");
        rig.pollFor(Duration.ofMinutes(4));
        TailRig.append(rig.rotated(".1"), "2\n");

        rig.poll();

        assertThat(rig.broker.streams().values()).containsExactly("1\n2\n");
    }

    @Test
    void a_file_that_came_and_went_between_two_looks_is_found_beside() throws Exception { // F2
        rig().append("1\n");
        rig.poll();
        Thread.sleep(20); // birth times have the kernel's tick as resolution
        rig.rename(".2");
        rig.append("between\n");
        Thread.sleep(20);
        rig.rename(".1");
        rig.append("new\n");

        rig.poll().poll();

        assertThat(rig.broker.streams().values()).containsExactlyInAnyOrder("1\n", "between\n", "new\n");
    }

    @Test
    void the_last_line_of_a_dead_file_is_shipped_once_and_flagged() { // F16
        rig().append("1\nlast");
        rig.poll().rename(".1");
        rig.append("new\n");

        rig.pollFor(Duration.ofSeconds(30));

        LineBatch partial = rig.broker.batches().getLast();
        assertThat(Broker.text(partial)).isEqualTo("last");
        assertThat(partial.flags()).containsExactly(LineBatch.Flag.PARTIAL);
        assertThat(partial.start()).isEqualTo(2);
        assertThat(partial.end()).isEqualTo(6);
        assertThat(rig.broker.batches()).hasSize(3);
    }

    @Test
    void a_dead_file_whose_only_line_has_no_end_is_shipped_too() {
        rig().append("only");
        rig.poll().rename(".1");
        rig.append("new\n");

        rig.pollFor(Duration.ofSeconds(30));

        assertThat(texts(rig.broker.batches())).containsExactly("new\n", "only");
    }

    @Test
    void copytruncate_is_a_new_generation_and_the_copy_is_read_to_its_end() throws IOException { // F7, F8
        rig().append("1\n");
        rig.poll().append("2 not read yet\n");
        Files.copy(rig.log, rig.rotated(".1"));
        truncate();
        rig.append("after\n");

        rig.pollFor(Duration.ofSeconds(3));

        assertThat(rig.broker.streams().values()).containsExactly("1\n2 not read yet\n", "after\n");
        assertThat(rig.broker.batches())
                .allSatisfy(batch -> assertThat(batch.gap()).isNull());
    }

    @Test
    void truncation_without_a_copy_leaves_a_gap() throws IOException { // F6
        rig().append("1\n2\n3\n");
        rig.poll();
        truncate();
        rig.append("4\n");

        rig.poll();

        LineBatch after = rig.broker.batches().getLast();
        assertThat(Broker.text(after)).isEqualTo("4\n");
        assertThat(after.gap()).isEqualTo(new Gap(Gap.Kind.TRUNCATED, 0));
        assertThat(after.start()).isZero();
        assertThat(after.stream()).isNotEqualTo(rig.broker.batches().getFirst().stream());
        assertThat(rig.counter("gaps")).isEqualTo(1);
    }

    @Test
    void a_truncated_file_that_is_already_longer_again_is_known_by_its_first_line() throws IOException {
        rig().append("1\n");
        rig.poll();
        truncate();
        rig.append("another first line, longer than all before\n");

        rig.poll();

        assertThat(rig.broker.streams().values())
                .containsExactly("1\n", "another first line, longer than all before\n");
    }

    @Test
    void truncated_while_no_agent_was_running() throws IOException {
        rig().append("1\n2\n");
        rig.poll().restart();
        truncate();
        rig.append("3\n");

        rig.poll();

        LineBatch after = rig.broker.batches().getLast();
        assertThat(Broker.text(after)).isEqualTo("3\n");
        assertThat(after.gap()).isNotNull();
        assertThat(after.stream()).isNotEqualTo(rig.broker.batches().getFirst().stream());
    }

    @Test
    void a_new_file_on_the_same_inode_is_a_new_stream() throws Exception { // F5
        rig().append("1\n2\n3\n");
        rig.poll();
        Thread.sleep(20);
        rig.restart(); // lets go of the old file, so that the inode is free
        Files.delete(rig.log);
        rig.append("1\n2\n3\n4\n"); // the same first line and longer than what was read

        rig.poll();

        assertThat(rig.broker.streams().values()).containsExactly("1\n2\n3\n", "1\n2\n3\n4\n");
    }

    @Test
    void two_files_with_the_same_first_line_are_both_read() throws IOException { // F10
        rig = TailRig.fromBeginning(directory);
        rig.append("same\n");
        rig.poll().rename(".1");
        rig.append("same\nmore\n");

        rig.poll();

        assertThat(rig.broker.streams().values()).containsExactly("same\n", "same\nmore\n");
    }

    @Test
    void an_oversize_line_is_cut_and_the_lines_after_it_are_whole() { // F18
        rig = new TailRig(directory, true, 32);
        String longLine = "x".repeat(1000);
        rig.append("before\n" + longLine + "\nafter\n");

        rig.poll();

        List<LineBatch> batches = rig.broker.batches();
        assertThat(texts(batches)).containsExactly("before\n", "x".repeat(31) + "\n", "after\n");
        LineBatch cut = batches.get(1);
        assertThat(cut.flags()).containsExactly(LineBatch.Flag.CUT);
        assertThat(cut.end() - cut.start()).isEqualTo(1001);
        assertThat(batches.get(2).start()).isEqualTo(7 + 1001);
        assertThat(batches.get(2).prev()).isEqualTo(7 + 1001);
    }

    @Test
    void an_oversize_line_may_arrive_in_pieces() {
        rig = new TailRig(directory, true, 32);
        rig.append("short\n");
        for (int i = 0; i < 10; i++) {
            rig.append("x".repeat(20));
            rig.poll();
        }
        rig.append("\nafter\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("short\n", "x".repeat(31) + "\n", "after\n");
        assertThat(rig.broker.batches().get(2).start()).isEqualTo(6 + 201);
    }

    @Test
    void a_line_as_long_as_the_limit_is_not_cut() {
        rig = new TailRig(directory, true, 32);
        rig.append("x".repeat(31) + "\n" + "y".repeat(31) + "\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("x".repeat(31) + "\n", "y".repeat(31) + "\n");
        assertThat(rig.broker.batches())
                .allSatisfy(batch -> assertThat(batch.flags()).isEmpty());
    }

    @Test
    void nul_bytes_at_the_beginning_of_lines_are_left_out() throws IOException { // F9
        rig().append("1\n2\n3\n");
        rig.poll();
        truncate();
        try (RandomAccessFile writer = new RandomAccessFile(rig.log.toFile(), "rw")) {
            writer.seek(5_000_000); // a writer without O_APPEND
            writer.writeBytes("4\n");
        }

        rig.poll();

        LineBatch after = rig.broker.batches().getLast();
        assertThat(Broker.text(after)).isEqualTo("4\n");
        assertThat(after.start()).isEqualTo(5_000_000);
        assertThat(after.prev()).isEqualTo(5_000_000);
        assertThat(rig.counter("nul.bytes.skipped")).isEqualTo(5_000_000);
    }

    @Test
    void nul_bytes_between_lines_are_a_gap_and_inside_of_a_line_its_own() {
        rig().append("1\n\0\0\0\0002\n3 \0 4\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("1\n", "2\n3 \0 4\n");
        LineBatch second = rig.broker.batches().getLast();
        assertThat(second.start()).isEqualTo(6);
        assertThat(second.prev()).isEqualTo(2);
        assertThat(second.gap()).isEqualTo(new Gap(Gap.Kind.TRUNCATED, 4));
    }

    @Test
    void bytes_pass_untouched_whatever_they_are() { // F17, F19
        StringBuilder all = new StringBuilder("x");
        for (char c = 1; c < 256; c++) {
            all.append(c);
        }
        all.append("\r\n");
        rig().append(all.toString());

        rig.poll();

        assertThat(rig.broker.streams().values()).containsExactly(all.toString());
    }

    @Test
    void a_missing_file_is_read_from_its_beginning_when_it_appears() {
        rig = new TailRig(directory, false, FileTailer.BLOCK_SIZE);
        rig.poll().poll();
        rig.append("1\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("1\n");
    }

    @Test
    void a_directory_in_place_of_the_file_is_complained_about_once_and_tried_again() throws IOException { // F57
        rig = TailRig.fromBeginning(directory);
        Files.createDirectory(rig.log);
        rig.poll().poll().poll();
        double complaints = rig.counter("files.unreadable");
        Files.delete(rig.log);
        rig.append("1\n");

        rig.poll();

        assertThat(complaints).isEqualTo(1);
        assertThat(texts(rig.broker.batches())).containsExactly("1\n");
    }

    @Test
    void reads_nothing_while_there_is_no_room() {
        rig().append("1\n");
        rig.broker.room(false);
        rig.poll();
        boolean readWithoutRoom = !rig.broker.batches().isEmpty();
        rig.broker.room(true);

        rig.poll();

        assertThat(readWithoutRoom).isFalse();
        assertThat(texts(rig.broker.batches())).containsExactly("1\n");
    }

    @Test
    void goes_on_after_a_restart_without_loss_or_duplicate() { // F29
        rig().append("1\n2\n");
        rig.poll().restart();
        rig.append("3\n");

        rig.poll();

        assertThat(texts(rig.broker.batches())).containsExactly("1\n2\n", "3\n");
        assertThat(rig.broker.batches().getLast().prev()).isEqualTo(4);
    }

    @Test
    void what_was_not_acknowledged_is_sent_again_with_the_same_positions() { // F30, F31
        rig().append("1\n2\n");
        rig.poll();
        rig.broker.acknowledging(false);
        rig.append("3\n");
        rig.poll().killAndRestart();
        rig.broker.acknowledging(true);

        rig.poll();

        List<LineBatch> sent = rig.broker.batches();
        LineBatch before = sent.get(1);
        LineBatch again = sent.getLast();
        assertThat(rig.broker.streams().values()).containsExactly("1\n2\n3\n");
        assertThat(Broker.text(again)).endsWith("3\n");
        assertThat(again.stream()).isEqualTo(before.stream());
        assertThat(again.end()).isEqualTo(before.end());
    }

    @Test
    void rotated_while_no_agent_was_running_is_found_beside_and_read_to_its_end() { // F13
        rig().append("1\n");
        rig.poll().restart();
        rig.append("2\n");
        rig.rename(".1");
        rig.append("3\n");

        rig.poll();

        assertThat(rig.broker.streams().values()).containsExactlyInAnyOrder("1\n2\n", "3\n");
        assertThat(rig.broker.batches())
                .allSatisfy(batch -> assertThat(batch.gap()).isNull());
    }

    @Test
    void rotated_and_compressed_while_no_agent_was_running_leaves_a_gap() throws IOException {
        rig().append("1\n");
        rig.poll().restart();
        Files.delete(rig.log);
        Files.write(rig.rotated(".1.gz"), new byte[] {31, (byte) 139});
        rig.append("2\n");

        rig.poll();

        assertThat(rig.broker.batches().getLast().gap()).isEqualTo(new Gap(Gap.Kind.ROTATED, 0));
    }

    @Test
    void a_finished_file_leaves_no_gap_when_it_is_gone_at_the_next_start() throws IOException {
        rig().append("1\n");
        rig.poll().rename(".1");
        rig.append("2\n");
        rig.pollFor(Duration.ofSeconds(30)).restart();
        Files.delete(rig.rotated(".1"));
        rig.append("3\n");

        rig.poll();

        assertThat(rig.broker.batches().getLast().gap()).isNull();
        assertThat(Broker.text(rig.broker.batches().getLast())).isEqualTo("3\n");
    }

    @Test
    void a_damaged_state_is_never_a_silent_new_start() throws IOException { // F26
        rig = new TailRig(directory, false, FileTailer.BLOCK_SIZE);
        rig.poll().append("1\n2\n");
        rig.poll().restart();
        rig.tailer.close();
        rig.checkpoints.close();
        Files.writeString(directory.resolve("state/positions"), "rubbish");
        Files.writeString(directory.resolve("state/positions.previous"), "");
        rig.start();
        rig.append("3\n");

        rig.poll();

        assertThat(rig.broker.streams().values()).contains("1\n2\n3\n");
        assertThat(rig.counter("state.damaged")).isEqualTo(1);
    }

    @Test
    void lines_that_are_read_long_after_they_were_written_are_flagged() {
        rig().append("1\n");
        rig.poll().restart();
        rig.append("2\n");
        rig.clock.advance(Duration.ofMinutes(5));

        rig.poll().append("3\n");
        rig.poll();

        assertThat(rig.broker.batches().get(1).flags()).containsExactly(LineBatch.Flag.REPLAY);
        assertThat(rig.broker.batches().get(2).flags()).isEmpty();
    }

    @Test
    void a_busy_file_fills_its_batches() {
        rig();
        String line = "x".repeat(99) + "\n";
        rig.append(line.repeat(10_000));

        rig.poll();

        assertThat(rig.broker.batches()).hasSize(16);
        assertThat(rig.broker.batches())
                .allSatisfy(batch -> assertThat(batch.lines().length).isBetween(1, FileTailer.BLOCK_SIZE));
    }

    @Test
    void a_watermark_says_how_far_the_file_is_read_and_acknowledged() {
        rig().append("1\n");
        rig.poll().poll();
        var caughtUp = rig.tailer.watermarks();
        rig.broker.acknowledging(false);
        rig.append("22\n");

        rig.poll().poll();

        assertThat(caughtUp).singleElement().satisfies(mark -> {
            assertThat(mark.lag()).isZero();
            assertThat(mark.readUpTo()).isAfter(rig.clock.instant().minusSeconds(5));
        });
        assertThat(rig.tailer.watermarks()).singleElement().satisfies(mark -> {
            assertThat(mark.lag()).isEqualTo(3);
            assertThat(mark.readUpTo()).isEqualTo(caughtUp.getFirst().readUpTo());
        });
    }

    @Test
    void a_busy_file_is_read_up_to_an_end_that_was_reached_and_acknowledged_though_more_is_on_its_way() {
        rig().append("1\n");
        rig.poll().poll();
        Instant before = rig.tailer.watermarks().getFirst().readUpTo();
        rig.broker.acknowledging(false);
        rig.append("22\n");
        rig.poll().poll();
        rig.broker.acknowledge();
        rig.append("333\n");

        rig.poll().poll();

        assertThat(rig.tailer.watermarks()).singleElement().satisfies(mark -> {
            assertThat(mark.lag()).isEqualTo(4);
            assertThat(mark.readUpTo()).isAfter(before);
        });
    }

    @Test
    void a_rename_back_goes_on_where_it_was() throws IOException {
        rig().append("1\n");
        rig.poll().rename(".1");
        rig.poll();
        Files.move(rig.rotated(".1"), rig.log, StandardCopyOption.ATOMIC_MOVE);
        rig.append("2\n");

        rig.pollFor(Duration.ofSeconds(30));

        assertThat(rig.broker.streams().values()).containsExactly("1\n2\n");
    }

    private void truncate() throws IOException {
        try (FileChannel channel = FileChannel.open(rig.log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }
}
