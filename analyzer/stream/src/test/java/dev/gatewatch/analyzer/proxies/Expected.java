package dev.gatewatch.analyzer.proxies;

import java.util.List;

/// A line that a scenario must bring about: where it is written, words that its reading must have, and a text
/// that must stand in it.
///
/// ```
/// error connect_refused errno=111 server=127.0.0.1:18199 | connect() failed (111
/// ```
record Expected(String output, List<String> words, String text) {

    static Expected of(String written) {
        int bar = written.indexOf(" | ");
        String[] words = (bar < 0 ? written : written.substring(0, bar)).split(" ");
        return new Expected(
                words[0], List.of(words).subList(1, words.length), bar < 0 ? "" : written.substring(bar + 3));
    }

    boolean isMetBy(Emitted line) {
        return line.output().equals(output)
                && line.words().containsAll(words)
                && line.line().contains(text);
    }

    @Override
    public String toString() {
        return output + " " + String.join(" ", words) + (text.isEmpty() ? "" : " | " + text);
    }
}
