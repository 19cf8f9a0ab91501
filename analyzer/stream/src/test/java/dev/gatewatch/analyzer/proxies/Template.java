package dev.gatewatch.analyzer.proxies;

import java.util.List;

/// A line without what differs from one time to the next.
final class Template {
    private Template() {}

    /// Lines of traffic are alike if they say the same, whatever they are about; others if they have the
    /// same text.
    static String of(Emitted line) {
        List<String> words = line.words();
        boolean traffic = words.stream().anyMatch(word -> word.startsWith("outcome="));
        return traffic
                ? String.join(" ", line.wordsWithout("upstream", "server", "path", "retries", "connected"))
                : message(line.line());
    }

    private static String message(String line) {
        return line.replaceFirst("^.*?[0-9]+#[0-9]+: ([*][0-9]+ )?", "")
                .replaceFirst("^.*haproxy\\[[0-9]+]: ", "")
                .replaceFirst("^(\\[[A-Z]+]) +\\([0-9]+\\) : ", "$1 ")
                .replaceFirst("Proxy [^ ]+ stopped", "Proxy P stopped")
                .replaceFirst(", (client|resolver): .*", "")
                .replaceFirst("\\[[0-9]{2}/[^]]+]", "[TIME]")
                .replaceAll("unix:[^ ]+", "unix:SOCKET")
                .replaceAll("[0-9]+([.][0-9]+){3}(:[0-9]+)?", "ADDRESS")
                .replaceAll("[a-z]+[.]test", "NAME")
                .replaceAll("[a-zA-Z_]+/s[0-9]", "BACKEND/SERVER")
                .replaceAll("(backend|section) '?[a-z_]+'? has", "$1 BACKEND has")
                .replaceAll("/[^ \"]{4,}", "/PATH")
                .replaceAll("(?<![(0-9A-Za-z.])[0-9]+(?![0-9A-F:.])", "N");
    }
}
