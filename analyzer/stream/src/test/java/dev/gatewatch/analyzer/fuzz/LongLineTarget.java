package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A long line in which a short text stands again and again. Reading it takes time and memory in
/// proportion to its length: a reading that looks at the rest of the line again at each of its bytes would
/// take far longer.
///
/// The first byte of the input chooses source and context, the second the length; then come the line's
/// head, a newline, and what is repeated.
final class LongLineTarget implements FuzzTarget {
    private static final List<Integer> LENGTHS = List.of(1 << 14, 1 << 16, 1 << 18);
    private static final long NANOS_ONCE = 100_000_000;
    private static final long NANOS_PER_BYTE = 3_000;
    private static final long BYTES_ONCE = 65_536;
    private static final long BYTES_PER_BYTE = 1_024;

    private final List<LineContext> contexts = new ArrayList<>();
    private final SignalReader reader = new SignalReader();

    LongLineTarget() {
        for (SourceKind source : SourceKind.values()) {
            contexts.addAll(Seeds.contexts(source));
        }
    }

    @Override
    public int share() {
        return 100;
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
                seeds.add(Seeds.seed(line.substring(0, end) + "\n" + repeated, contexts.indexOf(context), i));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        int newline = 2;
        while (newline < input.length && input[newline] != '\n') {
            newline++;
        }
        if (newline >= input.length - 1) {
            return;
        }
        LineContext context = Seeds.choice(contexts, input[0]);
        int length = Seeds.choice(LENGTHS, input[1]);
        byte[] repeated = Arrays.copyOfRange(input, newline + 1, input.length);
        byte[] line = line(Arrays.copyOfRange(input, 2, newline), repeated, length);
        Cost cost = Cost.of(() -> reader.read(context, line, 0, length), each -> isFine(each, length));
        if (!isFine(cost, length)) {
            throw new AssertionError("%s line of %d bytes costs %s".formatted(context, length, cost));
        }
    }

    private static boolean isFine(Cost cost, int length) {
        return cost.nanos() < NANOS_ONCE + NANOS_PER_BYTE * length
                && cost.bytes() < BYTES_ONCE + BYTES_PER_BYTE * length;
    }

    private static byte[] line(byte[] head, byte[] repeated, int length) {
        byte[] line = Arrays.copyOf(head, length);
        for (int i = head.length; i < length; i++) {
            line[i] = repeated[(i - head.length) % repeated.length];
        }
        return line;
    }
}
