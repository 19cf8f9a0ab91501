package dev.gatewatch.analyzer.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shell commands with placeholders, and what may be put into them.
///
/// Values come from log lines, which strangers write, and the result is pasted into a shell: a command is
/// left out rather than filled with anything that a shell could read as more than a word.
public final class Commands {
    /// - `unit`, `host`: what to repair
    /// - `ip`, `port`, `address`: the failing endpoint; `address` is both, or a name that does not
    ///   resolve; none of them is given for a unix socket
    /// - `socket`: path of a unix socket
    /// - `proxy`, `proxy_unit`, `proxy_kind`: host, unit and kind (`nginx`, `haproxy`, `alb`) of the proxy
    /// - `proxy_log`: the file in which the proxy says what goes wrong
    /// - `upstream`: name of the upstream or backend in its configuration
    /// - `container`, `pod`, `workload`: what serves the endpoint where it is no unit
    static final Set<String> PLACEHOLDERS = Set.of(
            "unit",
            "host",
            "ip",
            "port",
            "address",
            "socket",
            "proxy",
            "proxy_unit",
            "proxy_log",
            "proxy_kind",
            "upstream",
            "container",
            "pod",
            "workload");

    /// Tools that are of no use unless the endpoint is known to be of their world.
    private static final Map<String, String> NEEDED_BY_TOOL =
            Map.of("docker", "container", "kubectl", "pod", "aws", "balancer");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

    /// One word to every shell, never an option, and no longer than a unit, host or socket name can be.
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:@/\\[\\]][A-Za-z0-9._:@/\\[\\]-]{0,254}");

    /// Marks a command that only this kind of proxy has.
    private static final Pattern KIND = Pattern.compile("\\((nginx|haproxy|alb)\\)");

    private static final String EDIT = "# edit ";

    private Commands() {}

    /// The commands with their placeholders replaced. Left out are those with a placeholder whose value is
    /// missing or not harmless, those marked `(nginx)`, `(haproxy)` or `(alb)` if `proxy_kind` is another,
    /// and those of container and cloud tools if the endpoint is not known to be there.
    public static List<String> filled(List<String> commands, Map<String, String> values) {
        String kind = values.getOrDefault("proxy_kind", "");
        return commands.stream()
                .filter(command -> kind.isEmpty() || isFor(kind, command))
                .filter(command -> isOfUse(command, values))
                .flatMap(command -> filled(command, values).stream())
                .toList();
    }

    private static boolean isFor(String kind, String command) {
        List<String> kinds =
                KIND.matcher(command).results().map(found -> found.group(1)).toList();
        return kinds.isEmpty() || kinds.contains(kind);
    }

    private static boolean isOfUse(String command, Map<String, String> values) {
        String needed = NEEDED_BY_TOOL.get(command.split(" ", 2)[0]);
        return needed == null || values.containsKey(needed);
    }

    private static Optional<String> filled(String command, Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(command);
        while (placeholder.find()) {
            String value = values.getOrDefault(placeholder.group(1), "");
            if (!HARMLESS.matcher(value).matches()) {
                return Optional.empty();
            }
            placeholder.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return Optional.of(placeholder.appendTail(filled).toString());
    }

    /// What is wrong with a command of the handbook, as what was expected instead.
    static Optional<String> complaint(String command) {
        if (command.isBlank() || !command.strip().equals(command)) {
            return Optional.of("a command without blanks around it");
        }
        if (command.startsWith("#") && !command.startsWith(EDIT)) {
            return Optional.of("a command or a line that begins with " + EDIT.trim());
        }
        return PLACEHOLDER
                .matcher(command)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !PLACEHOLDERS.contains(name))
                .findFirst()
                .map(name -> "a known placeholder instead of {" + name + "}");
    }
}
