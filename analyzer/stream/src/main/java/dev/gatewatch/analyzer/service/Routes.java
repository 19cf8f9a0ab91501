package dev.gatewatch.analyzer.service;

import dev.gatewatch.wire.HostFacts.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which upstream a request path goes to, by NGINX's order of locations: an exact match, else the longest
/// prefix if it is marked `^~`, else the first regular expression that matches, else the longest prefix.
///
/// Source: <https://nginx.org/en/docs/http/ngx_http_core_module.html#location>
final class Routes {
    /// Longest path that is matched against regular expressions: paths come from strangers.
    private static final int REGEX_PATH_LIMIT = 512;

    private final List<Route> plain = new ArrayList<>();
    private final List<Matcher> expressions = new ArrayList<>();

    private record Matcher(Pattern pattern, String upstream) {}

    Routes(List<Route> routes) {
        for (Route route : routes) {
            if (!route.match().startsWith("~")) {
                plain.add(route);
            } else {
                compile(route).ifPresent(expressions::add);
            }
        }
    }

    private static Optional<Matcher> compile(Route route) {
        try {
            int flags = route.match().equals("~*") ? Pattern.CASE_INSENSITIVE : 0;
            return Optional.of(new Matcher(Pattern.compile(route.path(), flags), route.upstream()));
        } catch (PatternSyntaxException e) {
            return Optional.empty(); // PCRE that Java does not read: such a route stays unknown
        }
    }

    /// The upstream for this path; empty if no location matches, or if server blocks differ about it.
    Optional<String> upstreamFor(String path) {
        List<Route> best = new ArrayList<>();
        for (Route route : plain) {
            boolean matches = route.match().equals("=") ? path.equals(route.path()) : path.startsWith(route.path());
            if (!matches) {
                continue;
            }
            int better = best.isEmpty() ? 1 : rank(route) - rank(best.getFirst());
            if (better > 0) {
                best.clear();
            }
            if (better >= 0) {
                best.add(route);
            }
        }
        boolean decided = !best.isEmpty() && !best.getFirst().match().isEmpty();
        if (!decided && path.length() <= REGEX_PATH_LIMIT) {
            for (Matcher matcher : expressions) {
                if (matcher.pattern().matcher(path).find()) {
                    return Optional.of(matcher.upstream());
                }
            }
        }
        return best.stream().map(Route::upstream).distinct().count() == 1
                ? Optional.of(best.getFirst().upstream())
                : Optional.empty();
    }

    private static int rank(Route route) {
        return route.match().equals("=") ? Integer.MAX_VALUE : route.path().length();
    }
}
