package dev.gatewatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.testing.Broker;
import dev.gatewatch.wire.LineBatch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random writes, rotations, truncations, restarts and kills against a model that remembers what was written:
/// every line arrives, unless it was truncated away unread; none arrives altered; a reader that goes by
/// positions sees none twice, and no hole that is not flagged as a gap.
class FileTailerModelTest {
    private static final int STEPS = 300;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void every_line_arrives_once(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        List<String> written = new ArrayList<>();
        Set<String> mayBeLost = new HashSet<>();
        List<String> unread = new ArrayList<>();
        StringBuilder half = new StringBuilder();
        int rotations = 0;
        boolean polled = false; // what was rotated away before the first look ever is not looked for
        try (TailRig rig = new TailRig(directory, true, 64 + random.nextInt(200))) {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3, 4 -> {
                        String line = line(random, written.size());
                        int cut = random.nextInt(line.length());
                        if (half.isEmpty() && random.nextInt(4) == 0) {
                            rig.append(line.substring(0, cut));
                            half.append(line.substring(cut));
                        } else {
                            String rest = half.toString();
                            half.setLength(0);
                            rig.append(rest + line);
                        }
                        written.add(line);
                        unread.add(line);
                    }
                    case 5, 6, 7 -> {
                        rig.poll();
                        polled = true;
                        if (half.isEmpty()) {
                            unread.clear();
                        }
                    }
                    case 8 -> {
                        if (half.isEmpty() && polled && Files.exists(rig.log)) {
                            Thread.sleep(5); // births have the kernel's tick as resolution
                            rig.rename("." + ++rotations);
                        }
                    }
                    case 9 -> {
                        if (half.isEmpty() && Files.exists(rig.log) && random.nextInt(3) == 0) {
                            mayBeLost.addAll(unread);
                            try (FileChannel channel = FileChannel.open(rig.log, StandardOpenOption.WRITE)) {
                                channel.truncate(0);
                            }
                        }
                    }
                    case 10 -> rig.restart();
                    default -> {
                        rig.broker.acknowledging(random.nextBoolean());
                        if (random.nextBoolean()) {
                            rig.killAndRestart();
                        }
                    }
                }
            }
            rig.append(half.toString());
            rig.broker.acknowledging(true);
            rig.killAndRestart();
            for (int i = 0; i < 20; i++) {
                rig.poll();
            }

            List<String> arrived = arrived(rig.broker);
            List<String> missing = new ArrayList<>(written);
            missing.removeAll(new HashSet<>(arrived));
            assertThat(mayBeLost).as("lines that are missing, seed %d", seed).containsAll(missing);
            assertThat(arrived).as("lines, seed %d", seed).doesNotHaveDuplicates();
            assertThat(written).as("lines, seed %d", seed).containsAll(arrived);
            assertThat(holes(rig.broker)).as("holes, seed %d", seed).isEmpty();
        }
    }

    private static String line(Random random, int number) {
        return number + " " + "abcdefghij".repeat(random.nextInt(4)) + "\n";
    }

    /// The lines of all streams, each byte of a stream counted once.
    private static List<String> arrived(Broker broker) {
        List<String> lines = new ArrayList<>();
        for (String stream : broker.streams().values()) {
            for (String line : stream.split("(?<=\n)", -1)) {
                if (!line.isEmpty()) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    /// Where a reader that keeps the position of each stream sees something missing.
    private static List<String> holes(Broker broker) {
        Map<String, Long> ends = new HashMap<>();
        List<String> holes = new ArrayList<>();
        for (LineBatch batch : broker.batches()) {
            long end = ends.getOrDefault(batch.stream(), batch.prev());
            if (batch.prev() > end || (batch.start() > batch.prev() && batch.gap() == null)) {
                holes.add(batch.stream() + ": " + end + " to " + batch.start());
            }
            ends.merge(batch.stream(), batch.end(), Math::max);
        }
        return holes;
    }
}
