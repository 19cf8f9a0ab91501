package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.List;

/// What came of a line as words: its id, then `key=value` for each field that the line gives, with `_` for
/// blanks.
///
/// ```
/// connect_refused errno=111 server=127.0.0.1:18199 path=/refused
/// ```
final class Words {
    private final List<String> words = new ArrayList<>();

    private Words() {}

    static List<String> of(Reading reading) {
        return switch (reading) {
            case Reading.Says says -> of(says.signal());
            case Reading.Ordinary ignored -> List.of("ordinary");
            case Reading.NotUnderstood no ->
                List.of("not_understood", "column=" + no.column(), "expected=" + no.expected());
        };
    }

    private static List<String> of(Signal signal) {
        Words words = new Words();
        words.words.add(signal.id());
        switch (signal) {
            case Signal.Request request -> words.request(request);
            case Signal.Trouble trouble -> words.trouble(trouble);
            case Signal.ServerState state ->
                words.text("upstream", state.upstream())
                        .text("server", state.server())
                        .text("reason", state.reason())
                        .text("info", state.info());
            case Signal.ProxyEvent event -> words.text("kind", event.kind()).text("detail", event.detail());
            default -> throw new IllegalArgumentException("not of a proxy: " + signal);
        }
        return words.words;
    }

    private void request(Signal.Request request) {
        text("outcome", request.outcome().name())
                .text("upstream", request.upstream())
                .text("server", request.server())
                .number("status", request.status())
                .text("path", request.path())
                .number("retries", request.retries())
                .text("termination", request.termination())
                .text("connected", request.connectMillis() >= 0 ? "yes" : "no");
    }

    private void trouble(Signal.Trouble trouble) {
        text("upstream", trouble.upstream())
                .text("server", trouble.server())
                .text("name", trouble.name())
                .number("errno", trouble.errno())
                .text("path", trouble.path())
                .text("tls", trouble.tls() ? "yes" : "no");
    }

    private Words text(String key, String value) {
        if (!value.isEmpty()) {
            words.add(key + "=" + value.replace(' ', '_'));
        }
        return this;
    }

    private Words number(String key, int value) {
        if (value >= 0) {
            words.add(key + "=" + value);
        }
        return this;
    }
}
