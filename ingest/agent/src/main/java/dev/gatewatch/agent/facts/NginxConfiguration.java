package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an NGINX configuration says about upstreams, routes and access logs. Format: `ngx_conf_file.c` and
/// the reference of the core, log, upstream and proxy modules at nginx.org.
///
/// @param upstreams the `upstream` blocks, then one upstream per direct target (`proxy_pass
///     http://10.0.0.5:3000`), named by it
/// @param routes a route for each location that passes requests on, in the order of the file
/// @param accessLogs each file that is written to once per format, with the text of its format
/// @param skipped how many things were not understood, or depend on variables
public record NginxConfiguration(
        List<HostFacts.Upstream> upstreams,
        List<HostFacts.Route> routes,
        List<HostFacts.AccessLog> accessLogs,
        int skipped) {

    public NginxConfiguration {
        upstreams = List.copyOf(upstreams);
        routes = List.copyOf(routes);
        accessLogs = List.copyOf(accessLogs);
    }

    /// Reads a configuration. Never fails: what is not understood is skipped and counted.
    ///
    /// @param text the main file, usually `/etc/nginx/nginx.conf`
    /// @param includes gives the texts of included files
    public static NginxConfiguration parse(String text, IncludeResolver includes) {
        NginxDirectives directives = new NginxDirectives(includes);
        Walk walk = new Walk();
        walk.through(directives.read(text), "", null);
        return walk.finish(directives.skipped());
    }

    /// The configuration as facts of its host.
    ///
    /// @param loadedAt when the running processes loaded it, null if that is not known
    public HostFacts.ProxyFacts facts(String unit, String configHash, Instant changedAt, @Nullable Instant loadedAt) {
        return new HostFacts.ProxyFacts("nginx", unit, configHash, changedAt, loadedAt, upstreams, routes, accessLogs);
    }

    /// Goes through the tree once and collects.
    private static final class Walk {
        private static final Set<String> PASS =
                Set.of("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass");

        private final Map<String, HostFacts.Upstream> blocks = new LinkedHashMap<>();
        private final Map<String, NginxTarget> targets = new LinkedHashMap<>();
        private final Set<String> spokenToWithTls = new LinkedHashSet<>();
        private final Set<HostFacts.Route> routes = new LinkedHashSet<>();
        private final Map<String, LogFormat> formats = new LinkedHashMap<>();
        private final Set<NamedLog> logs = new LinkedHashSet<>();
        private int skipped;

        /// @param location the location around the directives, null outside of one
        void through(List<NginxDirective> directives, String serverName, @Nullable NginxDirective location) {
            for (NginxDirective directive : directives) {
                switch (directive.name()) {
                    case "http", "stream", "mail", "if", "limit_except" ->
                        through(directive.children(), serverName, location);
                    case "server" -> through(directive.children(), serverName(directive), null);
                    case "location" -> through(directive.children(), serverName, directive);
                    case "upstream" -> upstream(directive);
                    case "access_log" -> accessLog(directive);
                    case "log_format" -> logFormat(directive);
                    default -> {
                        if (PASS.contains(directive.name())) {
                            pass(directive, serverName, location);
                        }
                    }
                }
            }
        }

        private static String serverName(NginxDirective server) {
            return server.children().stream()
                    .filter(directive -> directive.name().equals("server_name"))
                    .map(directive -> directive.argument(0))
                    .findFirst()
                    .orElse("");
        }

        private void upstream(NginxDirective block) {
            String name = block.argument(0);
            if (name.isEmpty()) {
                skipped++;
                return;
            }
            List<HostFacts.Server> servers = new ArrayList<>();
            for (NginxDirective server : block.children()) {
                if (server.name().equals("server") && !server.argument(0).isEmpty()) {
                    String address = NginxTarget.withPort(server.argument(0), 80);
                    servers.add(new HostFacts.Server(
                            "", address, false, server.arguments().contains("down")));
                }
            }
            blocks.put(name, new HostFacts.Upstream(name, false, servers));
        }

        private void pass(NginxDirective pass, String serverName, @Nullable NginxDirective location) {
            NginxTarget target = NginxTarget.of(pass.name(), pass.argument(0));
            if (target == null) {
                skipped++;
                return;
            }
            targets.putIfAbsent(target.name(), target);
            if (target.tls()) {
                spokenToWithTls.add(target.name());
            }
            if (location != null) {
                routes.add(route(serverName, location, target.name()));
            }
        }

        /// NGINX also reads `location ~*\.php$` and `location =/x`, the modifier glued to the path.
        private static HostFacts.Route route(String serverName, NginxDirective location, String upstream) {
            String first = location.argument(0);
            if (location.arguments().size() > 1) {
                return new HostFacts.Route(serverName, first, location.argument(1), upstream);
            }
            for (String modifier : List.of("=", "^~", "~*", "~")) {
                if (first.startsWith(modifier)) {
                    return new HostFacts.Route(serverName, modifier, first.substring(modifier.length()), upstream);
                }
            }
            return new HostFacts.Route(serverName, "", first, upstream);
        }

        private void accessLog(NginxDirective log) {
            String path = log.argument(0);
            if (path.equals("off")) {
                return;
            }
            if (path.isEmpty() || path.indexOf('$') >= 0 || path.startsWith("syslog:")) {
                skipped++;
                return;
            }
            String format = log.argument(1);
            logs.add(new NamedLog(path, format.isEmpty() || format.indexOf('=') > 0 ? "combined" : format));
        }

        private void logFormat(NginxDirective format) {
            List<String> parts = format.arguments();
            if (parts.size() < 2) {
                skipped++;
                return;
            }
            boolean escapes = parts.get(1).startsWith("escape=");
            String escape = escapes ? parts.get(1).substring("escape=".length()) : "default";
            formats.put(
                    parts.getFirst(),
                    new LogFormat(String.join("", parts.subList(escapes ? 2 : 1, parts.size())), escape));
        }

        NginxConfiguration finish(int skippedBefore) {
            List<HostFacts.Upstream> upstreams = new ArrayList<>();
            for (HostFacts.Upstream block : blocks.values()) {
                upstreams.add(
                        new HostFacts.Upstream(block.name(), spokenToWithTls.contains(block.name()), block.servers()));
            }
            for (NginxTarget target : targets.values()) {
                if (!blocks.containsKey(target.name())) {
                    upstreams.add(new HostFacts.Upstream(
                            target.name(),
                            spokenToWithTls.contains(target.name()),
                            List.of(new HostFacts.Server("", target.address(), false, false))));
                }
            }
            List<HostFacts.AccessLog> accessLogs = new ArrayList<>();
            for (NamedLog log : logs) {
                LogFormat format = formats.get(log.format);
                if (format != null) {
                    accessLogs.add(new HostFacts.AccessLog(log.path, format.text, format.escape));
                } else if (log.format.equals("combined")) {
                    accessLogs.add(new HostFacts.AccessLog(log.path, "combined", "default"));
                } else {
                    skipped++;
                }
            }
            return new NginxConfiguration(upstreams, List.copyOf(routes), accessLogs, skipped + skippedBefore);
        }

        private record LogFormat(String text, String escape) {}

        private record NamedLog(String path, String format) {}
    }
}
