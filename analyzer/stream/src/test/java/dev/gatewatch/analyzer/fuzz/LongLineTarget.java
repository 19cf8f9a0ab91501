package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A long line in which a short text stands again and again. Reading it takes time and memory in proportion to its
/// length: a reading that looks at the rest of the line again at each of its bytes would take far longer.
///
/// The first byte of the input chooses source and context; then come the line's head, a newline, and what is repeated.
final class LongLineTarget implements FuzzTarget {
    private static final int LENGTH = 1 << 18;
    private static final long MOST_NANOS = 500_000_000;
    private static final long MOST_BYTES = 100L * LENGTH;

    private final List<LineContext> contexts = new ArrayList<>();
    private final SignalReader reader = new SignalReader();

    LongLineTarget() {
        for (SourceKind source : SourceKind.values()) {
            contexts.addAll(Seeds.contexts(source));
        }
    }

    @Override
    public int share() {
        return 1_000;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (LineContext context : contexts) {
            List<String> lines = Seeds.lines(context.source());
            for (int i = 0; i < lines.size(); i += 9) {
                String line = lines.get(i);
                int end = Math.min(line.length(), 20 + 7 * i);
                String repeated = line.substring(end, Math.min(line.length(), end + 8));
                seeds.add(Seeds.seed(line.substring(0, end) + "\n" + repeated, contexts.indexOf(context)));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        int newline = 0;
        while (newline < input.length && input[newline] != '\n') {
            newline++;
        }
        if (newline == 0 || newline >= input.length - 1) {
            return;
        }
        LineContext context = Seeds.choice(contexts, input[0]);
        byte[] line = line(Arrays.copyOfRange(input, 1, newline), Arrays.copyOfRange(input, newline + 1, input.length));
        Cost cost = Cost.of(() -> reader.read(context, line, 0, line.length), LongLineTarget::isFine);
        if (!isFine(cost)) {
            throw new AssertionError("%s line of %d bytes costs %s".formatted(context, line.length, cost));
        }
    }

    private static boolean isFine(Cost cost) {
        return cost.nanos() < MOST_NANOS && cost.bytes() < MOST_BYTES;
    }

    private static byte[] line(byte[] head, byte[] repeated) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(LENGTH + repeated.length);
        line.writeBytes(head);
        while (line.size() < LENGTH) {
            line.writeBytes(repeated);
        }
        return line.toByteArray();
    }
}
