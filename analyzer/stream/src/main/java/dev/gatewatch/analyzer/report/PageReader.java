package dev.gatewatch.analyzer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Reads a page of the handbook, and takes nothing that departs from its form:
///
/// ```
/// # backend_down
///
/// What its causes have in common.
///
/// ## clean_stop
/// One sentence.
///
/// **What you see.** …
///
/// **Why.** …
///
/// **What to do.** …
/// ```
///
/// then a fenced block `diagnose` and a fenced block `repair`, each line of which is one command or begins with
/// `# edit`. A page without `##` is one section.
final class PageReader {
    private static final String SECTION = "## ";
    private static final String FENCE = "```";

    private final String cause;
    private final List<String> lines;
    private int next;
    private String where;

    private PageReader(String cause, String text) {
        this.cause = cause;
        this.lines = text.lines().toList();
        this.where = cause + ".md";
    }

    /// @throws IllegalStateException if the page is malformed; names page, section and line
    static Page read(String cause, String text) {
        return new PageReader(cause, text).page();
    }

    private Page page() {
        expect(("# " + cause)::equals, "# " + cause);
        if (lines.stream().noneMatch(line -> line.startsWith(SECTION))) {
            return new Page(cause, "", List.of(section(cause + ".md", cause)));
        }
        String about = paragraph();
        List<Section> sections = new ArrayList<>();
        while (!atEnd()) {
            String name =
                    expect(line -> line.startsWith(SECTION), "## sub_cause").substring(SECTION.length());
            where = cause + ".md#" + name;
            sections.add(section(where, cause + "/" + name));
        }
        return new Page(cause, about, sections);
    }

    private Section section(String page, String name) {
        String summary = paragraph();
        if (summary.contains("\n") || !summary.endsWith(".")) {
            throw malformed("a summary of one sentence on one line");
        }
        String see = part("What you see.");
        String why = part("Why.");
        String toDo = part("What to do.");
        List<String> diagnose = commands("diagnose");
        List<String> repair = commands("repair");
        return new Section(page, name, summary, see, why, toDo, diagnose, repair);
    }

    private String part(String title) {
        String start = "**" + title + "** ";
        String paragraph = paragraph();
        if (!paragraph.startsWith(start)) {
            throw malformed("a paragraph that begins with " + start.trim());
        }
        return paragraph.substring(start.length());
    }

    /// The lines up to an empty one.
    private String paragraph() {
        List<String> found = new ArrayList<>();
        skipEmpty();
        while (next < lines.size() && !lines.get(next).isBlank()) {
            found.add(lines.get(next++));
        }
        if (found.isEmpty() || found.stream().anyMatch(line -> line.startsWith("#") || line.startsWith(FENCE))) {
            throw malformed("a paragraph");
        }
        return String.join("\n", found);
    }

    private List<String> commands(String kind) {
        List<String> commands = new ArrayList<>();
        expect((FENCE + kind)::equals, FENCE + kind);
        while (next < lines.size() && !lines.get(next).equals(FENCE)) {
            String command = lines.get(next++);
            Commands.complaint(command).ifPresent(complaint -> {
                throw malformed(complaint);
            });
            commands.add(command);
        }
        expect(FENCE::equals, "the end of the block " + kind);
        if (commands.isEmpty()) {
            throw malformed("a command in the block " + kind);
        }
        return commands;
    }

    private String expect(Predicate<String> form, String what) {
        skipEmpty();
        String line = next < lines.size() ? lines.get(next++) : "";
        if (!form.test(line)) {
            throw malformed(what);
        }
        return line;
    }

    private boolean atEnd() {
        skipEmpty();
        return next == lines.size();
    }

    private void skipEmpty() {
        while (next < lines.size() && lines.get(next).isBlank()) {
            next++;
        }
    }

    private IllegalStateException malformed(String expected) {
        String line = next == 0 ? "" : lines.get(next - 1);
        return new IllegalStateException("%s, line %d: %s (expected: %s)".formatted(where, next, line, expected));
    }
}
