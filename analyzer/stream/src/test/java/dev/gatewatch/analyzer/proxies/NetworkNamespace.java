package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A network of its own on this machine, with nothing but loopback, in which some addresses fail in a way
/// of their own: `192.0.2.1` is unreachable, `192.0.2.2` is prohibited, `0.0.0.1` is invalid,
/// `198.51.100.0/24` swallows packets, to the rest there is no route. There are two local ports, and the
/// kernel gives up on a connection after 3 s. Needs root.
final class NetworkNamespace implements AutoCloseable {
    private final String name = "gatewatch-test-" + ProcessHandle.current().pid();

    private NetworkNamespace() {}

    static NetworkNamespace create() throws IOException {
        NetworkNamespace made = new NetworkNamespace();
        run(List.of("ip", "netns", "add", made.name));
        made.inside("ip", "link", "set", "lo", "up");
        made.inside("ip", "route", "add", "unreachable", "192.0.2.1");
        made.inside("ip", "route", "add", "prohibit", "192.0.2.2");
        made.inside("ip", "route", "add", "blackhole", "0.0.0.1");
        made.inside("ip", "route", "add", "198.51.100.0/24", "dev", "lo");
        made.inside("sh", "-c", "echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range");
        made.inside("sh", "-c", "echo 1 >/proc/sys/net/ipv4/tcp_syn_retries");
        return made;
    }

    /// What to put before a command that is to run in it.
    List<String> runner() {
        return List.of("ip", "netns", "exec", name);
    }

    private void inside(String... command) throws IOException {
        List<String> whole = new ArrayList<>(runner());
        whole.addAll(List.of(command));
        run(whole);
    }

    private static void run(List<String> command) throws IOException {
        int status =
                new ProcessBuilder(command).inheritIO().start().onExit().join().exitValue();
        if (status != 0) {
            throw new IOException(command + " ended with " + status);
        }
    }

    @Override
    public void close() throws IOException {
        run(List.of("ip", "netns", "delete", name));
    }
}
