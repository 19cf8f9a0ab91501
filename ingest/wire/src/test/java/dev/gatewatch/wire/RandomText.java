package dev.gatewatch.wire;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Random content for round trips, with everything that separates or escapes something somewhere.
final class RandomText {
    private static final String[] PIECES = {
        "",
        "a",
        "orders",
        "\t",
        "\n",
        "\\",
        "\\t",
        "\\n",
        "\\\\",
        " ",
        ",",
        ";",
        ":",
        "=",
        "\"",
        "\r",
        "ü",
        "€",
        "𝄞",
        "<script>",
        "$(reboot)",
        "\u0000",
        "\u001b[31m",
        "10.85.0.21:8081",
        "[2001:db8::1]:80"
    };

    private final Random random;

    RandomText(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /// Any text.
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /// Text without commas, as addresses are.
    String word() {
        return "a" + text().replace(",", "");
    }

    /// Any bytes, now and then with newlines among them.
    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i += 1 + random.nextInt(60)) {
            bytes[i] = '\n';
        }
        return bytes;
    }

    <T> List<T> some(Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(4)).toList();
    }

    <T> T oneOf(T[] all) {
        return all[random.nextInt(all.length)];
    }
}
