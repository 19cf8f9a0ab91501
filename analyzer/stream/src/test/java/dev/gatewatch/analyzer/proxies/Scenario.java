package dev.gatewatch.analyzer.proxies;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// One row of what a proxy is made to write.
///
/// @param name also the path that is asked for, with `_` for blanks
/// @param config what belongs to it in the configuration: the inside of a location or of a backend
/// @param more configuration outside of that
/// @param servers the servers behind it, `{server}`, `{server2}`, … in all texts
/// @param step what is done
/// @param sinceStart whether its lines may have come before
/// @param expected the lines that must come, as [Expected] has them
record Scenario(
        String name,
        String config,
        String more,
        List<Script> servers,
        Step step,
        boolean sinceStart,
        List<String> expected) {

    /// What is done in a scenario.
    interface Step {
        void take(Site site, String path) throws Exception;
    }

    static Scenario scenario(String name, Script... servers) {
        return new Scenario(name, "", "", List.of(servers), Client.get(), false, List.of());
    }

    Scenario config(String text) {
        return new Scenario(name, text, more, servers, step, sinceStart, expected);
    }

    Scenario more(String text) {
        return new Scenario(name, config, text, servers, step, sinceStart, expected);
    }

    Scenario when(Step taken) {
        return new Scenario(name, config, more, servers, taken, false, expected);
    }

    /// Nothing needs to be done: the proxy writes by itself from its start.
    Scenario byItself() {
        return new Scenario(name, config, more, servers, (site, path) -> {}, true, expected);
    }

    Scenario says(String... lines) {
        return new Scenario(
                name,
                config,
                more,
                servers,
                step,
                sinceStart,
                Stream.concat(expected.stream(), Arrays.stream(lines)).toList());
    }

    String path() {
        return "/" + name.replace(' ', '_');
    }

    @Override
    public String toString() {
        return name;
    }
}
