package dev.gatewatch.agent.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directive of an NGINX configuration: a name, arguments, and for a block directive what stands inside.
///
/// @param block what stands in braces, null for a simple directive
record NginxDirective(
        String name, List<String> arguments, @Nullable List<NginxDirective> block) {

    /// The argument at `index`, empty text if there are fewer.
    String argument(int index) {
        return index < arguments.size() ? arguments.get(index) : "";
    }

    /// What stands inside, empty for a simple directive.
    List<NginxDirective> children() {
        return block == null ? List.of() : block;
    }
}
