package dev.gatewatch.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// [HostFacts] as text: a fact a line, its fields separated by tabs, so that `kcat` shows it and `grep` finds
/// in it.
///
/// The first line is `gatewatch-host/1`. Then come `host`, and any number of `address`, `listener`, `unit`,
/// `watermark`, `container-state` and `proxy` lines; `upstream`, `server`, `route` and `accesslog` lines belong to the
/// `proxy` line (and `server` lines to the `upstream` line) above them, `listener-container` to the `listener`,
/// `container-published` and `container-listening` to the `container-state`; the latter comes first without an
/// address where the sockets are known, even if there are none. Times are milliseconds since 1970, UTC, or empty.
/// In a field, backslash, tab and newline are written `\\`, `\t` and `\n`. Readers skip kinds of lines that they
/// do not know and fields after those that they know, so that facts can be added.
public final class HostFactsCodec {
    private static final String FIRST_LINE = "gatewatch-host/1";

    private HostFactsCodec() {}

    /// The facts as bytes.
    public static byte[] encode(HostFacts facts) {
        StringBuilder out = new StringBuilder(1024);
        line(out, FIRST_LINE);
        line(
                out,
                "host",
                facts.host(),
                millis(facts.at()),
                millis(facts.bootedAt()),
                Integer.toString(facts.utcOffset().getTotalSeconds()),
                flag(facts.clockSynchronised()));
        facts.addresses().forEach(address -> line(out, "address", address));
        for (HostFacts.Listener l : facts.listeners()) {
            encode(out, l);
        }
        facts.units().forEach(u -> line(out, "unit", u.unit(), u.active(), u.sub()));
        facts.proxies().forEach(proxy -> encode(out, proxy));
        for (HostFacts.Watermark w : facts.watermarks()) {
            line(
                    out,
                    "watermark",
                    w.stream(),
                    w.source().id(),
                    w.origin(),
                    millis(w.readUpTo()),
                    Long.toString(w.lag()),
                    Long.toString(w.gaps()));
        }
        facts.containers().forEach(container -> encode(out, container));
        return out.toString().getBytes(UTF_8);
    }

    private static void encode(StringBuilder out, HostFacts.Listener l) {
        line(
                out,
                "listener",
                l.address(),
                Integer.toString(l.queued()),
                Integer.toString(l.backlog()),
                l.unit(),
                l.process(),
                Integer.toString(l.pid()));
        HostFacts.Container container = l.container();
        if (container != null) {
            line(out, "listener-container", container.id(), container.name());
        }
    }

    private static void encode(StringBuilder out, HostFacts.ContainerState c) {
        Instant startedAt = c.startedAt();
        Instant finishedAt = c.finishedAt();
        List<String> listening = c.listening();
        line(
                out,
                "container-state",
                c.container().id(),
                c.container().name(),
                c.state(),
                Integer.toString(c.exitCode()),
                flag(c.oomKilled()),
                startedAt == null ? "" : millis(startedAt),
                finishedAt == null ? "" : millis(finishedAt),
                Integer.toString(c.restarts()),
                c.error());
        c.published().forEach(port -> line(out, "container-published", port));
        if (listening != null) {
            line(out, "container-listening", "");
            listening.forEach(address -> line(out, "container-listening", address));
        }
    }

    private static void encode(StringBuilder out, HostFacts.ProxyFacts proxy) {
        Instant loadedAt = proxy.loadedAt();
        line(
                out,
                "proxy",
                proxy.kind(),
                proxy.unit(),
                proxy.configHash(),
                millis(proxy.changedAt()),
                loadedAt == null ? "" : millis(loadedAt));
        for (HostFacts.Upstream upstream : proxy.upstreams()) {
            line(out, "upstream", upstream.name(), flag(upstream.tls()));
            upstream.servers()
                    .forEach(s -> line(out, "server", s.name(), s.address(), flag(s.checked()), flag(s.disabled())));
        }
        proxy.routes().forEach(r -> line(out, "route", r.serverName(), r.match(), r.path(), r.upstream()));
        proxy.accessLogs().forEach(a -> line(out, "accesslog", a.path(), a.format(), a.escape()));
    }

    /// The facts that the bytes hold.
    ///
    /// @throws MalformedBatchException if they are not such facts; the message names the line
    public static HostFacts decode(byte[] bytes) {
        String[] lines = new String(bytes, UTF_8).split("\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            throw new MalformedBatchException(
                    "host facts begin with '" + abbreviate(lines[0]) + "' (expected: " + FIRST_LINE + ")");
        }
        Reading reading = new Reading();
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isEmpty()) {
                try {
                    reading.accept(lines[i].split("\t", -1));
                } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
                    throw new MalformedBatchException(
                            "host facts, line " + (i + 1) + ": '" + abbreviate(lines[i]) + "': " + e.getMessage());
                }
            }
        }
        return reading.facts();
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private static void line(StringBuilder out, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            if (i > 0) {
                out.append('\t');
            }
            out.append(fields[i].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"));
        }
        out.append('\n');
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }

    private static String flag(boolean value) {
        return value ? "1" : "0";
    }

    /// Collects the facts while the lines go by.
    private static final class Reading {
        private final List<String> addresses = new ArrayList<>();
        private final List<HostFacts.Listener> listeners = new ArrayList<>();
        private final List<HostFacts.UnitState> units = new ArrayList<>();
        private final List<HostFacts.Watermark> watermarks = new ArrayList<>();
        private final List<ProxyReading> proxies = new ArrayList<>();
        private final List<HostFacts.ContainerState> containers = new ArrayList<>();
        private String[] host = {};

        void accept(String[] f) {
            switch (f[0]) {
                case "host" -> host = f;
                case "address" -> addresses.add(text(f, 1));
                case "listener" ->
                    listeners.add(new HostFacts.Listener(
                            text(f, 1),
                            Integer.parseInt(raw(f, 2)),
                            Integer.parseInt(raw(f, 3)),
                            text(f, 4),
                            text(f, 5),
                            Integer.parseInt(raw(f, 6))));
                case "listener-container" -> container(new HostFacts.Container(text(f, 1), text(f, 2)));
                case "unit" -> units.add(new HostFacts.UnitState(text(f, 1), text(f, 2), text(f, 3)));
                case "proxy" -> proxies.add(new ProxyReading(f));
                case "upstream", "server", "route", "accesslog" -> {
                    if (proxies.isEmpty()) {
                        throw new IllegalArgumentException("no 'proxy' line above it");
                    }
                    proxies.getLast().accept(f);
                }
                case "container-state" -> containers.add(container(f));
                case "container-published" -> published(text(f, 1));
                case "container-listening" -> listening(text(f, 1));
                case "watermark" ->
                    watermarks.add(new HostFacts.Watermark(
                            text(f, 1),
                            SourceKind.ofId(raw(f, 2))
                                    .orElseThrow(() -> new IllegalArgumentException("unknown source " + raw(f, 2))),
                            text(f, 3),
                            instant(raw(f, 4)),
                            Long.parseLong(raw(f, 5)),
                            Long.parseLong(raw(f, 6))));
                default -> {
                    // a kind of fact that a newer agent writes
                }
            }
        }

        /// A container belongs to the socket above it.
        private void container(HostFacts.Container container) {
            if (listeners.isEmpty()) {
                throw new IllegalArgumentException("no 'listener' line above it");
            }
            HostFacts.Listener l = listeners.removeLast();
            listeners.add(new HostFacts.Listener(
                    l.address(), l.queued(), l.backlog(), l.unit(), l.process(), l.pid(), container));
        }

        private static HostFacts.ContainerState container(String[] f) {
            return new HostFacts.ContainerState(
                    new HostFacts.Container(text(f, 1), text(f, 2)),
                    text(f, 3),
                    Integer.parseInt(raw(f, 4)),
                    raw(f, 5).equals("1"),
                    instantOrNull(raw(f, 6)),
                    instantOrNull(raw(f, 7)),
                    Integer.parseInt(raw(f, 8)),
                    text(f, 9),
                    List.of(),
                    null);
        }

        private void published(String port) {
            HostFacts.ContainerState c = lastContainer();
            containers.add(with(c, and(c.published(), port), c.listening()));
        }

        private void listening(String address) {
            HostFacts.ContainerState c = lastContainer();
            List<String> known = c.listening() == null ? List.of() : c.listening();
            containers.add(with(c, c.published(), address.isEmpty() ? known : and(known, address)));
        }

        private HostFacts.ContainerState lastContainer() {
            if (containers.isEmpty()) {
                throw new IllegalArgumentException("no 'container-state' line above it");
            }
            return containers.removeLast();
        }

        private static List<String> and(List<String> texts, String more) {
            List<String> all = new ArrayList<>(texts);
            all.add(more);
            return all;
        }

        private static HostFacts.ContainerState with(
                HostFacts.ContainerState c, List<String> published, @Nullable List<String> listening) {
            return new HostFacts.ContainerState(
                    c.container(),
                    c.state(),
                    c.exitCode(),
                    c.oomKilled(),
                    c.startedAt(),
                    c.finishedAt(),
                    c.restarts(),
                    c.error(),
                    published,
                    listening);
        }

        private static @Nullable Instant instantOrNull(String millis) {
            return millis.isEmpty() ? null : instant(millis);
        }

        HostFacts facts() {
            if (host.length < 6) {
                throw new MalformedBatchException("host facts have no complete 'host' line");
            }
            try {
                return new HostFacts(
                        text(host, 1),
                        instant(raw(host, 2)),
                        addresses,
                        instant(raw(host, 3)),
                        ZoneOffset.ofTotalSeconds(Integer.parseInt(raw(host, 4))),
                        raw(host, 5).equals("1"),
                        listeners,
                        units,
                        proxies.stream().map(ProxyReading::facts).toList(),
                        watermarks,
                        containers);
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new MalformedBatchException("host facts, 'host' line: " + e.getMessage());
            }
        }

        private static Instant instant(String millis) {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        }

        private static String raw(String[] fields, int index) {
            if (index >= fields.length) {
                throw new IllegalArgumentException(
                        "only " + (fields.length - 1) + " fields (expected: at least " + index + ")");
            }
            return fields[index];
        }

        private static String text(String[] fields, int index) {
            String field = raw(fields, index);
            if (field.indexOf('\\') < 0) {
                return field;
            }
            StringBuilder out = new StringBuilder(field.length());
            for (int i = 0; i < field.length(); i++) {
                char c = field.charAt(i);
                if (c == '\\' && i + 1 < field.length()) {
                    char next = field.charAt(++i);
                    out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }

        private static final class ProxyReading {
            private final HostFacts.ProxyFacts head;
            private final List<HostFacts.Upstream> upstreams = new ArrayList<>();
            private final List<HostFacts.Route> routes = new ArrayList<>();
            private final List<HostFacts.AccessLog> accessLogs = new ArrayList<>();

            ProxyReading(String[] f) {
                head = new HostFacts.ProxyFacts(
                        text(f, 1),
                        text(f, 2),
                        text(f, 3),
                        instant(raw(f, 4)),
                        instantOrNull(raw(f, 5)),
                        List.of(),
                        List.of(),
                        List.of());
            }

            void accept(String[] f) {
                switch (f[0]) {
                    case "upstream" ->
                        upstreams.add(
                                new HostFacts.Upstream(text(f, 1), raw(f, 2).equals("1"), List.of()));
                    case "server" -> {
                        if (upstreams.isEmpty()) {
                            throw new IllegalArgumentException("no 'upstream' line above it");
                        }
                        HostFacts.Upstream upstream = upstreams.removeLast();
                        List<HostFacts.Server> servers = new ArrayList<>(upstream.servers());
                        servers.add(new HostFacts.Server(
                                text(f, 1),
                                text(f, 2),
                                raw(f, 3).equals("1"),
                                raw(f, 4).equals("1")));
                        upstreams.add(new HostFacts.Upstream(upstream.name(), upstream.tls(), servers));
                    }
                    case "route" -> routes.add(new HostFacts.Route(text(f, 1), text(f, 2), text(f, 3), text(f, 4)));
                    default -> accessLogs.add(new HostFacts.AccessLog(text(f, 1), text(f, 2), text(f, 3)));
                }
            }

            HostFacts.ProxyFacts facts() {
                return new HostFacts.ProxyFacts(
                        head.kind(),
                        head.unit(),
                        head.configHash(),
                        head.changedAt(),
                        head.loadedAt(),
                        upstreams,
                        routes,
                        accessLogs);
            }
        }
    }
}
