package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The states of systemd's units. A host without systemd has none.
final class Units {
    /// Units at most, so that a broken host does not make an endless command line.
    private static final int MAX = 200;

    private final Commands commands;

    Units(Commands commands) {
        this.commands = commands;
    }

    /// The states of these units and of all that failed.
    List<HostFacts.UnitState> states(Collection<String> wanted) {
        Set<String> names = new LinkedHashSet<>(wanted);
        names.remove("");
        failed().forEach(names::add);
        List<String> command =
                new ArrayList<>(List.of("systemctl", "show", "--property=Id,ActiveState,SubState", "--"));
        names.stream().limit(MAX).forEach(command::add);
        return names.isEmpty() ? List.of() : parse(commands.output(command));
    }

    private List<String> failed() {
        String list = commands.output(
                List.of("systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager"));
        return list.lines()
                .map(line -> line.strip().split("\\s+", 2)[0])
                .filter(name -> name.indexOf('.') > 0)
                .toList();
    }

    /// Reads blocks of `KEY=VALUE` lines with empty lines between.
    static List<HostFacts.UnitState> parse(String shown) {
        List<HostFacts.UnitState> states = new ArrayList<>();
        for (String block : shown.split("\n\\s*\n", -1)) {
            Map<String, String> values = new HashMap<>();
            block.lines().forEach(line -> {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(
                            line.substring(0, equals),
                            line.substring(equals + 1).strip());
                }
            });
            String id = values.getOrDefault("Id", "");
            if (!id.isEmpty()) {
                states.add(new HostFacts.UnitState(
                        id, values.getOrDefault("ActiveState", ""), values.getOrDefault("SubState", "")));
            }
        }
        return List.copyOf(states);
    }
}
