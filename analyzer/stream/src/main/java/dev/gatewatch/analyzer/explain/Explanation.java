package dev.gatewatch.analyzer.explain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of explaining a line. What the line does not give is null or empty.
///
/// @param source where the line seems to come from, or is said to
/// @param signal stable name of what the line says or is
/// @param upstream the server, servers or upstream, as the line writes them
/// @param errno the error's number, as the line writes it: the operating system's, a name server's or
///     OpenSSL's; where HAProxy writes a text only, the number that Linux has for it
/// @param status what the client got, or gets after a line of NGINX's error log if no other server is
///     tried
/// @param termination HAProxy's termination state
/// @param time when it happened, ISO 8601
/// @param details what else the line gives, by name
/// @param means what the signal means
/// @param causes names of the causes that it speaks for
public record Explanation(
        Outcome outcome,
        @Nullable LineSource source,
        @Nullable String signal,
        @Nullable String upstream,
        @Nullable Integer errno,
        @Nullable Integer status,
        @Nullable String termination,
        @Nullable String time,
        Map<String, String> details,
        @Nullable String means,
        List<String> causes) {

    /// How far a line was understood.
    public enum Outcome {
        /// It says something.
        SAYS,
        /// It is understood and says nothing about a gateway.
        ORDINARY,
        /// Nothing reads it.
        NOT_UNDERSTOOD
    }

    static Explanation without(Outcome outcome, @Nullable LineSource source) {
        return new Explanation(outcome, source, null, null, null, null, null, null, Map.of(), null, List.of());
    }
}
