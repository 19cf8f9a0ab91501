package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.proxies.Outputs.Output;
import dev.gatewatch.analyzer.proxies.Scenario.Step;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real HAProxy whose configuration is made of scenarios. It writes to syslog in several formats, and to
/// its console.
final class Haproxy {
    /// Formats of a line on its way to the syslog daemon.
    static final List<String> FORMATS = List.of("rfc5424", "iso", "raw", "timed", "short", "priority");

    private final StringBuilder logs = new StringBuilder();
    private final StringBuilder sections = new StringBuilder();
    private List<String> runner = List.of();

    /// Adds a scenario's backend, with its names filled in.
    Haproxy backend(Scenario scenario, Places places) {
        String usual = scenario.servers().isEmpty() ? "" : "server s1 {server}";
        String inside = scenario.config().isEmpty() ? usual : scenario.config();
        if (!scenario.more().startsWith("listen ") && !inside.isEmpty()) {
            sections.append("backend ").append(scenario.path().substring(1)).append('\n');
            sections.append(places.in(inside)).append('\n');
        }
        sections.append(places.in(scenario.more())).append('\n');
        return this;
    }

    /// Has it run by a command, such as `ip netns exec NAME`.
    Haproxy runBy(List<String> command) {
        runner = command;
        return this;
    }

    /// Has it log to syslog in several formats; `haproxy` is the output in that of RFC 3164.
    Haproxy logsTo(Outputs outputs) throws IOException {
        logTo(outputs.receive(new Output("haproxy", SourceKind.HAPROXY)), "rfc3164");
        for (String format : FORMATS) {
            logTo(outputs.receive(new Output(format, SourceKind.HAPROXY)), format);
        }
        return this;
    }

    /// Has it log to its standard output, which is followed with what else it writes there.
    Haproxy logsToConsole() {
        logTo("stdout", "rfc3164");
        return this;
    }

    private void logTo(String target, String format) {
        logs.append("  log ")
                .append(target)
                .append(" len 8192 format ")
                .append(format)
                .append(" local0\n");
    }

    /// Starts it in a folder, `{dir}`.
    ProxyProcess start(Path program, Path folder, Places places, Outputs outputs) throws IOException {
        Path config = Files.writeString(folder.resolve("haproxy.cfg"), places.in(configuration()));
        Path console = folder.resolve("console.log");
        outputs.follow(console, new Output("console", SourceKind.HAPROXY));
        List<String> command = new ArrayList<>(runner);
        command.addAll(List.of(program.toString(), "-W", "-f", config.toString()));
        return ProxyProcess.start(command, folder, console);
    }

    /// Tells it something over its socket, one command after the other.
    static Step command(String... commands) {
        return (site, path) -> {
            for (String command : commands) {
                try (Connection socket = site.connect("unix:{dir}/stats.sock")) {
                    String said = socket.send(command + "\n").readAll().strip();
                    if (!said.isEmpty() && !said.contains("changed")) {
                        throw new IOException(command + ": " + said);
                    }
                }
            }
        };
    }

    /// Tells it something while a request waits for its answer.
    static Step duringRequest(String command) {
        return (site, path) -> {
            try (Connection request = site.connect("{listen:web}").send(Client.request(path))) {
                Thread.sleep(50);
                command(command).take(site, path);
                request.readAll();
            }
        };
    }

    private String configuration() {
        return """
            global
              stats socket {dir}/stats.sock mode 600 level admin
            %s
            defaults unformatted
              mode http
              log global
              timeout client 5s
            defaults
              mode http
              log global
              option httplog
              option abortonclose
              timeout connect 5s
              timeout client 5s
              timeout server 5s
              timeout check 5s
              retries 0
            frontend web
              bind {listen:web}
              use_backend %%[path,field(2,/)]
            %s
            """.formatted(logs, sections);
    }
}
