package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `/proc` says. Everything is optional: another user's processes show less, and a process may be gone
/// any moment.
final class ProcFiles {
    private static final long TICKS_PER_SECOND =
            100; // USER_HZ, fixed for user space on every Linux architecture of today

    private final Path root;

    ProcFiles(Path root) {
        this.root = root;
    }

    /// When the kernel started: now less `/proc/uptime`.
    Optional<Instant> bootedAt(Instant now) {
        return text("uptime")
                .map(text -> text.split(" ", 2)[0])
                .flatMap(ProcFiles::seconds)
                .map(now::minus);
    }

    private static Optional<Duration> seconds(String text) {
        try {
            return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// The kernel's id of this boot.
    Optional<String> bootId() {
        return text("sys/kernel/random/boot_id").map(text -> text.strip().replace("-", ""));
    }

    /// The control group of a process, `/system.slice/orders.service`.
    Optional<String> cgroup(int pid) {
        return text(pid + "/cgroup")
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("0::") || line.contains(":name=systemd:"))
                        .map(line -> line.substring(line.lastIndexOf(':') + 1))
                        .findFirst());
    }

    /// The sockets that accept connections in a network, by its tables (`net`, `4711/net`); empty if they cannot be
    /// seen. Without IPv6 there is one table.
    Optional<List<HostFacts.Listener>> listeners(String tables) {
        return text(tables + "/tcp").map(four -> {
            List<HostFacts.Listener> all = new ArrayList<>(ProcNet.listeners(four));
            text(tables + "/tcp6").ifPresent(six -> all.addAll(ProcNet.listeners(six)));
            return List.copyOf(all);
        });
    }

    /// When the newest process called `name` started that is a child of another one called so: a worker.
    Optional<Instant> newestWorker(String name, Instant bootedAt) {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path directory : directories) {
                text(directory.getFileName() + "/stat")
                        .flatMap(Stat::parse)
                        .filter(stat -> stat.name.equals(name))
                        .ifPresent(all::add);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return all.stream()
                .filter(worker -> all.stream().anyMatch(master -> master.pid == worker.parent))
                .map(worker -> bootedAt.plusMillis(worker.startTicks * 1000 / TICKS_PER_SECOND))
                .max(Instant::compareTo);
    }

    private Optional<String> text(String name) {
        try {
            return Optional.of(Files.readString(root.resolve(name), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// `PID (NAME) STATE PPID …`, the 22nd field being the start in ticks after boot.
    private record Stat(int pid, String name, int parent, long startTicks) {
        static Optional<Stat> parse(String line) {
            int open = line.indexOf('(');
            int close = line.lastIndexOf(')');
            if (open < 1 || close < open) {
                return Optional.empty();
            }
            String[] rest = line.substring(close + 1).strip().split(" ", -1);
            try {
                return Optional.of(new Stat(
                        Integer.parseInt(line.substring(0, open).strip()),
                        line.substring(open + 1, close),
                        Integer.parseInt(rest[1]),
                        Long.parseLong(rest[19])));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
    }
}
