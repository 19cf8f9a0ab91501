package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a HAProxy configuration says about backends, their servers, and the formats of log lines. Format: the
/// Configuration Manual, chapters 2 (quoting), 4 (`listen`, `backend`, `server`, `server-template`,
/// `log-format`) and 5.2 (server options).
///
/// @param upstreams each `backend` section, and each `listen` section that has servers
/// @param logFormats each `log-format` and `error-log-format`, by the section that has it; what the options
///     `httplog`, `httpslog` and `tcplog` stand for is left out
/// @param skipped how many things were not understood
public record HaproxyConfiguration(
        List<HostFacts.Upstream> upstreams, List<HostFacts.AccessLog> logFormats, int skipped) {

    public HaproxyConfiguration {
        upstreams = List.copyOf(upstreams);
        logFormats = List.copyOf(logFormats);
    }

    /// Reads a configuration. Never fails: what is not understood is skipped and counted.
    ///
    /// @param text one file, or all files in the order in which HAProxy gets them
    public static HaproxyConfiguration parse(String text) {
        Walk walk = new Walk();
        text.lines().forEach(line -> walk.line(HaproxyWords.of(line)));
        return walk.finish();
    }

    /// The configuration as facts of its host.
    ///
    /// @param loadedAt when the running processes loaded it, null if that is not known
    public HostFacts.ProxyFacts facts(String unit, String configHash, Instant changedAt, @Nullable Instant loadedAt) {
        return new HostFacts.ProxyFacts(
                "haproxy", unit, configHash, changedAt, loadedAt, upstreams, List.of(), logFormats);
    }

    /// Goes through the lines once and collects.
    private static final class Walk {
        /// Servers that one `server-template` makes at most.
        private static final int MAX_TEMPLATE = 4_096;
        /// Servers altogether.
        private static final int MAX_SERVERS = 100_000;
        /// Formats altogether.
        private static final int MAX_FORMATS = 64;

        private final Map<String, Section> sections = new LinkedHashMap<>();
        private final Map<String, ServerOptions> namedDefaults = new LinkedHashMap<>();
        private final List<HostFacts.AccessLog> logFormats = new ArrayList<>();
        private String sectionName = "";
        private ServerOptions inherited = ServerOptions.NONE;
        private @Nullable String defaultsName;
        private boolean inDefaults;
        private @Nullable Section section;
        private int servers;
        private int skipped;

        void line(List<String> words) {
            if (words.isEmpty()) {
                return;
            }
            switch (words.getFirst()) {
                case "backend", "listen" -> begin(words);
                case "defaults" -> beginDefaults(words);
                case "frontend" -> leaveSection(words);
                case "global",
                        "peers",
                        "resolvers",
                        "userlist",
                        "mailers",
                        "program",
                        "cache",
                        "ring",
                        "http-errors",
                        "log-forward",
                        "fcgi-app",
                        "crt-store",
                        "traces",
                        "log-profile" -> leaveSection(words);
                case "log-format", "error-log-format" -> logFormat(words);
                case "default-server" -> defaultServer(words);
                case "server" -> server(words);
                case "server-template" -> serverTemplate(words);
                case "disabled" -> disable();
                default -> {
                    // everything else says nothing about servers
                }
            }
        }

        private void begin(List<String> words) {
            leaveSection(words);
            if (words.size() < 2) {
                skipped++;
                return;
            }
            boolean from = words.size() >= 4 && words.get(2).equals("from");
            ServerOptions base = from ? namedDefaults.getOrDefault(words.get(3), inherited) : inherited;
            boolean keepsEmpty = words.getFirst().equals("backend");
            section = sections.computeIfAbsent(words.get(1), name -> new Section(name, keepsEmpty, base));
        }

        private void beginDefaults(List<String> words) {
            leaveSection(words);
            inDefaults = true;
            inherited = ServerOptions.NONE;
            defaultsName = words.size() > 1 ? words.get(1) : null;
        }

        private void leaveSection(List<String> next) {
            section = null;
            inDefaults = false;
            sectionName = String.join(" ", next.subList(0, Math.min(2, next.size())));
        }

        private void logFormat(List<String> words) {
            String format = words.size() == 2 ? HaproxyLogFormat.expanded(words.get(1)) : "";
            if (format.isEmpty() || logFormats.size() >= MAX_FORMATS) {
                skipped++;
            } else {
                logFormats.add(new HostFacts.AccessLog(sectionName, format, "default"));
            }
        }

        private void defaultServer(List<String> words) {
            List<String> options = words.subList(1, words.size());
            if (section != null) {
                section.defaults = section.defaults.with(options);
            } else if (inDefaults) {
                inherited = inherited.with(options);
                if (defaultsName != null) {
                    namedDefaults.put(defaultsName, inherited);
                }
            }
        }

        private void server(List<String> words) {
            if (section == null || words.size() < 3 || ++servers > MAX_SERVERS) {
                skipped += section == null ? 0 : 1; // `peers` and `ring` have servers of their own
                return;
            }
            ServerOptions options = section.defaults.with(words.subList(3, words.size()));
            section.add(words.get(1), HaproxyAddress.of(words.get(2)), options);
        }

        private void serverTemplate(List<String> words) {
            if (section == null || words.size() < 4) {
                skipped++;
                return;
            }
            String range = words.get(2);
            int dash = range.indexOf('-');
            int first = dash < 0 ? 1 : number(range.substring(0, dash));
            int last = number(dash < 0 ? range : range.substring(dash + 1));
            if (first < 1 || last < first || last - first >= MAX_TEMPLATE) {
                skipped++;
                return;
            }
            ServerOptions options = section.defaults.with(words.subList(4, words.size()));
            for (int i = first; i <= last && ++servers <= MAX_SERVERS; i++) {
                section.add(words.get(1) + i, HaproxyAddress.of(words.get(3)), options);
            }
        }

        private void disable() {
            if (section != null) {
                section.disabled = true;
            }
        }

        private static int number(String digits) {
            try {
                return Integer.parseInt(digits);
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        HaproxyConfiguration finish() {
            List<HostFacts.Upstream> upstreams = new ArrayList<>();
            for (Section s : sections.values()) {
                if (s.keepsEmpty || !s.servers.isEmpty()) {
                    upstreams.add(s.upstream());
                }
            }
            return new HaproxyConfiguration(upstreams, logFormats, skipped);
        }
    }

    /// A backend while it is read.
    private static final class Section {
        private final String name;
        private final boolean keepsEmpty;
        private final List<HostFacts.Server> servers = new ArrayList<>();
        private ServerOptions defaults;
        private boolean tls;
        private boolean disabled;

        Section(String name, boolean keepsEmpty, ServerOptions defaults) {
            this.name = name;
            this.keepsEmpty = keepsEmpty;
            this.defaults = defaults;
        }

        void add(String server, String address, ServerOptions options) {
            tls |= options.tls;
            servers.add(new HostFacts.Server(server, address, options.checked, options.disabled));
        }

        HostFacts.Upstream upstream() {
            List<HostFacts.Server> all = disabled
                    ? servers.stream()
                            .map(s -> new HostFacts.Server(s.name(), s.address(), s.checked(), true))
                            .toList()
                    : servers;
            return new HostFacts.Upstream(name, tls, all);
        }
    }

    /// The options of a server that matter here.
    private record ServerOptions(boolean checked, boolean tls, boolean disabled) {
        static final ServerOptions NONE = new ServerOptions(false, false, false);

        /// These options changed by `words`. Arguments of other options are words too, but none is called
        /// like an option below.
        ServerOptions with(List<String> words) {
            ServerOptions options = this;
            for (String word : words) {
                options = switch (word) {
                    case "check" -> new ServerOptions(true, options.tls, options.disabled);
                    case "no-check" -> new ServerOptions(false, options.tls, options.disabled);
                    case "ssl" -> new ServerOptions(options.checked, true, options.disabled);
                    case "no-ssl" -> new ServerOptions(options.checked, false, options.disabled);
                    case "disabled" -> new ServerOptions(options.checked, options.tls, true);
                    case "enabled" -> new ServerOptions(options.checked, options.tls, false);
                    default -> options;
                };
            }
            return options;
        }
    }
}
