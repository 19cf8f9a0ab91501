package dev.gatewatch.analyzer.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What each signal means. The page `signals.md` on the class path holds it, in tables, and may be read
/// there as well.
///
/// ```
/// | connect_refused | 502 | The server's host answered at once … | backend_down/clean_stop firewall/reject |
/// ```
public final class SignalCatalogue {
    private static final String PAGE = "/dev/gatewatch/analyzer/signals.md";
    private static final int COLUMNS = 4;

    private final Map<String, Entry> entries;

    private SignalCatalogue(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /// A signal.
    ///
    /// @param status what NGINX answers after such a line of its error log if no other server is tried, -1
    ///     if the line decides nothing
    /// @param means what it means, one or two sentences
    /// @param causes names of the causes that it speaks for, such as `firewall/drop`
    public record Entry(String id, int status, String means, List<String> causes) {}

    /// Reads the page.
    ///
    /// @throws IllegalStateException if it is missing, or names the line that is malformed
    public static SignalCatalogue read() {
        try (InputStream page = SignalCatalogue.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IllegalStateException(PAGE + " is missing on the class path");
            }
            return of(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + PAGE, e);
        }
    }

    static SignalCatalogue of(String page) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        page.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| id ") && !line.startsWith("| --- "))
                .map(SignalCatalogue::entryOf)
                .forEach(entry -> {
                    if (entries.put(entry.id, entry) != null) {
                        throw new IllegalStateException("signals.md has two rows for " + entry.id);
                    }
                });
        return new SignalCatalogue(entries);
    }

    private static Entry entryOf(String row) {
        String[] cells = row.substring(1).split("\\|", -1);
        if (cells.length != COLUMNS + 1 || cells[0].isBlank() || cells[2].isBlank()) {
            throw new IllegalStateException("signals.md: " + row + " (expected: | id | status | means | speaks for |)");
        }
        String status = cells[1].strip();
        String causes = cells[3].strip();
        return new Entry(
                cells[0].strip(),
                status.isEmpty() ? -1 : Integer.parseInt(status),
                cells[2].strip(),
                causes.isEmpty() ? List.of() : List.of(causes.split(" ")));
    }

    /// The signal's entry, empty for an unknown id.
    public Optional<Entry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    Set<String> ids() {
        return entries.keySet();
    }
}
