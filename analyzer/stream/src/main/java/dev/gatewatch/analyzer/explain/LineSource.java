package dev.gatewatch.analyzer.explain;

import dev.gatewatch.wire.SourceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a line comes from, as a person names it: a kind that is shipped, or the journal's text form,
/// which is not shipped but is what people have in hand.
///
/// @param text whether it is the journal's text form
public record LineSource(SourceKind kind, boolean text) {
    /// What `journalctl` prints by default and syslog daemons file.
    public static final LineSource JOURNAL_TEXT = new LineSource(SourceKind.JOURNALD, true);

    private static final String JOURNAL_TEXT_ID = "journald-text";

    /// The source of a kind that is shipped.
    public static LineSource of(SourceKind kind) {
        return new LineSource(kind, false);
    }

    /// The source with this id, empty if there is none.
    public static Optional<LineSource> ofId(String id) {
        return id.equals(JOURNAL_TEXT_ID)
                ? Optional.of(JOURNAL_TEXT)
                : SourceKind.ofId(id).map(LineSource::of);
    }

    /// All ids, for help and error messages.
    public static String ids() {
        return all().stream().map(LineSource::id).collect(Collectors.joining(", "));
    }

    static List<LineSource> all() {
        return Stream.concat(Arrays.stream(SourceKind.values()).map(LineSource::of), Stream.of(JOURNAL_TEXT))
                .toList();
    }

    public String id() {
        return text ? JOURNAL_TEXT_ID : kind.id();
    }

    boolean is(SourceKind wanted) {
        return kind == wanted && !text;
    }
}
