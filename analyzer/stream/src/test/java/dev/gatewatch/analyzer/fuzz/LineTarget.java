package dev.gatewatch.analyzer.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.SignalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A line of one source. Its reading never throws, is the same wherever the line stands, and allocates
/// little; what it says has a name, and keeps no long texts.
///
/// The first byte of the input chooses the context, the others are the line.
final class LineTarget implements FuzzTarget {
    private static final long BYTES_ONCE = 32_768;
    private static final long BYTES_PER_BYTE = 1_024;

    private final List<LineContext> contexts;
    private final Supplier<List<String>> lines;
    private final Grammar grammar;
    private final SignalReader reader = new SignalReader();

    /// How a line is read.
    interface Grammar {
        Reading read(SignalReader reader, LineContext context, byte[] line, int from, int to);
    }

    LineTarget(List<LineContext> contexts, Supplier<List<String>> lines, Grammar grammar) {
        this.contexts = contexts;
        this.lines = lines;
        this.grammar = grammar;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int context = 0; context < contexts.size(); context++) {
            for (String line : lines.get()) {
                seeds.add(Seeds.seed(line, context));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        if (input.length == 0) {
            return;
        }
        LineContext context = Seeds.choice(contexts, input[0]);
        Reading alone = grammar.read(reader, context, input, 1, input.length);
        ReadingProperties.check(alone, input.length - 1);
        byte[] three = threeTimes(input);
        long before = Cost.allocated();
        Reading inside = grammar.read(reader, context, three, input.length - 1, 2 * (input.length - 1));
        long allocated = Cost.allocated() - before;
        if (!inside.equals(alone)) {
            assertThat(inside).isEqualTo(alone);
        }
        if (allocated > most(input)) {
            checkAllocation(context, input);
        }
    }

    /// The same line, with itself before and after it.
    private static byte[] threeTimes(byte[] input) {
        int length = input.length - 1;
        byte[] three = new byte[3 * length];
        for (int at = 0; at < three.length; at += length) {
            System.arraycopy(input, 1, three, at, length);
        }
        return three;
    }

    private static long most(byte[] input) {
        return BYTES_ONCE + BYTES_PER_BYTE * input.length;
    }

    /// Reads it again, since a class may have been loaded the first time.
    private void checkAllocation(LineContext context, byte[] input) {
        Cost cost = Cost.of(() -> grammar.read(reader, context, input, 1, input.length), c -> c.bytes() <= most(input));
        if (cost.bytes() > most(input)) {
            throw new AssertionError("reading %d bytes allocates %d".formatted(input.length - 1, cost.bytes()));
        }
    }
}
