package dev.gatewatch.analyzer.report;

/// Words in commands that a person will paste into a shell. They come from log lines, and log lines are
/// written by strangers.
final class Shell {
    private Shell() {}

    /// The word as one argument that the shell does not look into.
    static String word(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(Shell::isPlain) && text.charAt(0) != '-';
        return plain ? text : "'" + text.replaceAll("[^\\x20-\\x26\\x28-\\x7e]", "?") + "'";
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:@/-".indexOf(c) >= 0;
    }
}
