package dev.gatewatch.analyzer.proxies;

import java.time.Duration;
import java.util.List;

/// What a scenario's step works with.
///
/// @param places addresses and files by name; `{listen:web}` is where the proxy listens
record Site(Places places, Outputs outputs, ProxyProcess proxy) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int MOST_SHOWN = 20;

    Connection connect(String place) throws java.io.IOException {
        return Connection.to(places.in(place));
    }

    /// Waits for lines that come after a mark, and fails if they do not. Gives all that fit.
    List<Emitted> await(int mark, String... lines) throws InterruptedException {
        List<Expected> expected =
                List.of(lines).stream().map(places::in).map(Expected::of).toList();
        List<Expected> missing = outputs.await(mark, expected, PATIENCE);
        if (!missing.isEmpty()) {
            List<String> looked = missing.stream().map(Expected::output).toList();
            List<Emitted> came = outputs.since(mark).stream()
                    .filter(line -> looked.contains(line.output()))
                    .limit(MOST_SHOWN)
                    .toList();
            throw new AssertionError("these lines did not come:\n" + lines(missing) + "but these did:\n" + lines(came));
        }
        return outputs.since(mark).stream()
                .filter(line -> expected.stream().anyMatch(wanted -> wanted.isMetBy(line)))
                .toList();
    }

    private static String lines(List<?> each) {
        StringBuilder text = new StringBuilder();
        each.forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }
}
