package dev.gatewatch.alerts.page;

import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which incidents are asked for, from the query of an address.
///
/// @param state null for all
/// @param service a part of the service's name, in any case; empty for all
/// @param cause id of a cause or of its variant; empty for all
/// @param limit the most that are wanted
record Filter(Incident.@Nullable State state, String service, String cause, int limit) {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    /// Reads the query.
    ///
    /// @throws IllegalArgumentException with a sentence for the caller
    static Filter parse(@Nullable String query) {
        Map<String, String> parameters = parameters(query == null ? "" : query);
        Filter filter = new Filter(
                state(parameters.getOrDefault("state", "")),
                parameters.getOrDefault("service", "").strip(),
                parameters.getOrDefault("cause", "").strip(),
                limit(parameters.getOrDefault("limit", "")));
        parameters.keySet().removeAll(List.of("state", "service", "cause", "limit"));
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException("unknown parameter "
                    + parameters.keySet().iterator().next() + " (expected: state, service, cause, limit)");
        }
        return filter;
    }

    /// Whether anything is left out.
    boolean narrows() {
        return state != null || !service.isEmpty() || !cause.isEmpty();
    }

    /// All incidents that match, whatever the limit.
    List<Incident> matching(View view) {
        String part = service.toLowerCase(Locale.ROOT);
        Predicate<Incident> matches = incident -> (state == null || incident.state() == state)
                && (part.isEmpty()
                        || incident.service().toLowerCase(Locale.ROOT).contains(part))
                && (cause.isEmpty() || cause.equals(incident.cause()) || cause.equals(incident.subCause()));
        return view.incidents().stream().filter(matches).toList();
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Incident.@Nullable State state(String text) {
        return switch (text) {
            case "", "all" -> null;
            case "open" -> Incident.State.OPEN;
            case "resolved" -> Incident.State.RESOLVED;
            default -> throw new IllegalArgumentException("state: " + text + " (expected: open, resolved or all)");
        };
    }

    private static int limit(String text) {
        try {
            int limit = text.isEmpty() ? USUAL : Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // told below, as any other number that is no limit
        }
        throw new IllegalArgumentException("limit: " + text + " (expected: 1 to " + MOST + ")");
    }
}
