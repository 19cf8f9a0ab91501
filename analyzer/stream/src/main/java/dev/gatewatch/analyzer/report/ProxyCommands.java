package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.wire.SourceKind;
import java.util.Optional;

/// What a person would run to look at a proxy, by its kind; where its host does not tell of a file, it is taken to be
/// where Debian's packages put it.
final class ProxyCommands {
    private ProxyCommands() {}

    /// The file in which it says what goes wrong; empty if it has none of its own.
    static Optional<String> log(Hosts hosts, Scene.Proxy proxy) {
        return switch (proxy.kind()) {
            case "nginx" -> Optional.of(shipped(hosts, proxy, SourceKind.NGINX_ERROR, "/var/log/nginx/error.log"));
            case "haproxy" -> Optional.of(shipped(hosts, proxy, SourceKind.HAPROXY, "/var/log/haproxy.log"));
            default -> Optional.empty();
        };
    }

    private static String shipped(Hosts hosts, Scene.Proxy proxy, SourceKind source, String usual) {
        return hosts.byName(proxy.host()).stream()
                .flatMap(host -> host.files(source).stream())
                .findFirst()
                .orElse(usual);
    }

    /// Shows its newest lines; empty if it keeps them elsewhere.
    static Optional<String> newestLines(Hosts hosts, Scene.Proxy proxy) {
        return switch (proxy.kind()) {
            case "envoy", "traefik", "caddy" -> Optional.of("journalctl -u " + proxy.kind() + ".service -n 50");
            default -> log(hosts, proxy).map(file -> "tail -n 50 " + Shell.word(file));
        };
    }

    /// Shows what an AWS balancer knows of a target group's targets.
    static String targetHealth(String group) {
        return "aws elbv2 describe-target-health --target-group-arn $(aws elbv2 describe-target-groups --names "
                + Shell.word(group) + " --query 'TargetGroups[0].TargetGroupArn' --output text)";
    }

    /// Tests its configuration; empty if there is no such command.
    static Optional<String> configurationTest(String kind) {
        return switch (kind) {
            case "nginx" -> Optional.of("nginx -t");
            case "haproxy" -> Optional.of("haproxy -c -f /etc/haproxy/haproxy.cfg");
            case "envoy" -> Optional.of("envoy --mode validate -c /etc/envoy/envoy.yaml");
            case "caddy" -> Optional.of("caddy validate --config /etc/caddy/Caddyfile");
            default -> Optional.empty();
        };
    }
}
