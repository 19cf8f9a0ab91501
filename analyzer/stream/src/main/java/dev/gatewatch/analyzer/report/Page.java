package dev.gatewatch.analyzer.report;

import java.util.List;
import java.util.stream.Collectors;

/// A page of the handbook.
///
/// @param cause its title
/// @param about what its causes have in common, empty on the page of `unknown`
record Page(String cause, String about, List<Section> sections) {
    Page {
        sections = List.copyOf(sections);
    }

    /// The page for a terminal.
    String text() {
        String body = sections.stream().map(Section::text).collect(Collectors.joining("\n"));
        return about.isEmpty() ? body : cause + "\n" + "=".repeat(cause.length()) + "\n" + about + "\n\n" + body;
    }
}
