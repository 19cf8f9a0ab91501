package dev.gatewatch.standalone.host;

import dev.gatewatch.agent.AgentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where Debian's packages put the logs and the configuration of proxies, as far as they are there.
///
/// @param root `/`, or a folder that stands for it
record HostLogs(Path root) {

    /// The log files to follow.
    List<AgentConfig.LogFile> files() {
        List<AgentConfig.LogFile> files = new ArrayList<>();
        if (Files.isDirectory(root.resolve("var/log/nginx"))) {
            files.add(file("var/log/nginx/*access*.log", "nginx-access"));
            files.add(file("var/log/nginx/*error*.log", "nginx-error"));
        }
        if (Files.exists(root.resolve("var/log/haproxy.log"))) {
            files.add(file("var/log/haproxy.log", "haproxy"));
        }
        return List.copyOf(files);
    }

    /// The configurations to read.
    List<AgentConfig.Proxy> proxies() {
        List<AgentConfig.Proxy> proxies = new ArrayList<>();
        if (Files.exists(root.resolve("etc/nginx/nginx.conf"))) {
            proxies.add(new AgentConfig.Proxy("nginx", root.resolve("etc/nginx/nginx.conf"), null));
        }
        if (Files.exists(root.resolve("etc/haproxy/haproxy.cfg"))) {
            proxies.add(new AgentConfig.Proxy("haproxy", root.resolve("etc/haproxy/haproxy.cfg"), null));
        }
        return List.copyOf(proxies);
    }

    private AgentConfig.LogFile file(String path, String kind) {
        return new AgentConfig.LogFile(root.resolve(path).toString(), kind, AgentConfig.From.END);
    }
}
