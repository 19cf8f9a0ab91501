package dev.gatewatch.analyzer.service;

import static java.nio.charset.StandardCharsets.UTF_8;

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
public final class Routes {
    /// No ways at all.
    public static final Routes NONE = new Routes(List.of());

    /// For a path that more than its beginning decides about.
    public static final int UNDECIDED = -2;

    /// Longest path that is matched against regular expressions: paths come from strangers.
    private static final int REGEX_PATH_LIMIT = 512;

    private final List<Route> plain = new ArrayList<>();
    private final byte[][] paths;
    private final boolean[] exact;
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
        paths = plain.stream().map(route -> route.path().getBytes(UTF_8)).toArray(byte[][]::new);
        exact = new boolean[paths.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = plain.get(i).match().equals("=");
        }
    }

    public boolean isEmpty() {
        return plain.isEmpty() && expressions.isEmpty();
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

    /// Finds the way of a path by its bytes: two paths with the same number go to the same upstream.
    ///
    /// @return a number of a way, or -1 if no location matches, or [#UNDECIDED]
    public int way(byte[] bytes, int from, int to) {
        int best = -1;
        int bestRank = -1;
        for (int i = 0; i < paths.length; i++) {
            byte[] path = paths[i];
            boolean fits = exact[i] ? to - from == path.length : to - from >= path.length;
            int rank = exact[i] ? Integer.MAX_VALUE : path.length;
            if (rank > bestRank && fits && isAt(bytes, from, path)) {
                best = i;
                bestRank = rank;
            }
        }
        boolean decided = best >= 0 && !plain.get(best).match().isEmpty();
        return decided || expressions.isEmpty() ? best : UNDECIDED;
    }

    /// From the end on: locations differ there.
    private static boolean isAt(byte[] bytes, int from, byte[] path) {
        for (int i = path.length - 1; i >= 0; i--) {
            if (bytes[from + i] != path[i]) {
                return false;
            }
        }
        return true;
    }

    private static int rank(Route route) {
        return route.match().equals("=") ? Integer.MAX_VALUE : route.path().length();
    }
}
