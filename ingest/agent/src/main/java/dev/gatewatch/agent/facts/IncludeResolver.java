package dev.gatewatch.agent.facts;

import java.util.List;

/// Where the texts come from that an NGINX configuration includes.
@FunctionalInterface
public interface IncludeResolver {
    /// Finds nothing: for a configuration whose other files are not at hand.
    IncludeResolver NONE = pattern -> List.of();

    /// The texts of the files that `pattern` names, in the order of their names; empty if there are none or
    /// they cannot be read.
    ///
    /// @param pattern a path as the configuration writes it: absolute or relative to the main file's
    ///     directory, maybe with `*`, `?` and `[…]`
    List<String> textsOf(String pattern);
}
