package dev.gatewatch.standalone.explain;

import dev.gatewatch.analyzer.explain.Explanation;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Explained lines for people: those that say something.
///
/// ```
/// 2026/11/22 13:52:29 [error] 19217#19217: *1 connect() failed (111: Connection refused) while connecting
/// to upstream,
/// …
///   connect_refused (nginx-error, 2026-11-22T13:52:29Z)
///   upstream http://127.0.0.1:18199/refused, errno 111, status 502 unless another server is tried, path
///   /refused
///   The server's host answered at once that nobody listens on this port: …
///   speaks for backend_down/clean_stop, …
/// ```
final class ExplainedText implements ExplainedLines {
    private final OutputStream out;

    ExplainedText(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(String place, byte[] line, int length, Explanation explanation) throws IOException {
        if (explanation.outcome() == Explanation.Outcome.SAYS) {
            String shown = Printable.of(line, length);
            String text = Printable.of(place) + shown + "\n" + said(shown, explanation) + "\n";
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private static String said(String line, Explanation explanation) {
        StringBuilder said = new StringBuilder();
        append(said, explanation.signal() + " (" + String.join(", ", origin(explanation)) + ")");
        append(said, String.join(", ", fields(line, explanation)));
        append(said, explanation.means());
        append(said, explanation.causes().isEmpty() ? "" : "speaks for " + String.join(", ", explanation.causes()));
        return said.toString();
    }

    private static void append(StringBuilder said, @Nullable String line) {
        if (line != null && !line.isEmpty()) {
            said.append("  ").append(line).append('\n');
        }
    }

    private static List<String> origin(Explanation explanation) {
        List<String> origin = new ArrayList<>();
        add(
                origin,
                "",
                explanation.source() == null ? null : explanation.source().id());
        add(origin, "", explanation.time());
        return origin;
    }

    private static List<String> fields(String line, Explanation explanation) {
        List<String> fields = new ArrayList<>();
        add(fields, "upstream ", explanation.upstream());
        add(fields, "errno ", explanation.errno());
        add(fields, "status ", explanation.status() == null ? null : explanation.status() + condition(explanation));
        add(fields, "termination ", explanation.termination());
        explanation.details().forEach((name, value) -> {
            boolean repeats = name.equals("detail") && line.contains(value);
            add(fields, name + " ", repeats ? null : value);
        });
        return fields;
    }

    /// An error line tells of one try.
    private static String condition(Explanation explanation) {
        boolean error = explanation.source() != null && explanation.source().kind() == SourceKind.NGINX_ERROR;
        return error ? " unless another server is tried" : "";
    }

    private static void add(List<String> to, String label, @Nullable Object value) {
        if (value != null) {
            to.add(label + Printable.of(value.toString()));
        }
    }
}
