package dev.gatewatch.analyzer.report;

import java.util.Optional;

/// What a person would run to look at a proxy, by its kind, where Debian's packages put it.
final class ProxyCommands {
    private ProxyCommands() {}

    /// Shows its newest lines; empty if it keeps them elsewhere.
    static Optional<String> newestLines(String kind) {
        return switch (kind) {
            case "nginx" -> Optional.of("tail -n 50 /var/log/nginx/error.log");
            case "haproxy" -> Optional.of("tail -n 50 /var/log/haproxy.log");
            case "envoy", "traefik", "caddy" -> Optional.of("journalctl -u " + kind + ".service -n 50");
            default -> Optional.empty();
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
