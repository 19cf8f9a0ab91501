package dev.gatewatch.alerts.page;

import dev.gatewatch.incident.Incident;
import java.util.List;
import java.util.Locale;

/// The steps to diagnose and to repair, lines of shell: `COMMAND  # where and why`, or `# what to do` where
/// no command does it. The command can be copied without its remark.
final class Runbook {
    private static final String REMARK = "  # ";

    private final Incident incident;

    Runbook(Incident incident) {
        this.incident = incident;
    }

    Html repair() {
        return steps("runbook", "What to do", incident.runbook().repair());
    }

    Html diagnose() {
        return steps("diagnose", "How to look closer", incident.runbook().diagnose());
    }

    /// A line of shell: its command with a button that copies it, then its remark.
    static Html line(String line) {
        if (line.startsWith("#")) {
            return new Element(Tag.P).text(sentence(line.substring(1)));
        }
        int remark = line.lastIndexOf(REMARK);
        return remark < 0
                ? command(line)
                : Html.all(List.of(
                        command(line.substring(0, remark).stripTrailing()),
                        new Element(Tag.P).cls("remark").text(line.substring(remark + REMARK.length()))));
    }

    private static Element command(String command) {
        Element button = new Element(Tag.BUTTON)
                .set(Attr.TYPE, "button")
                .set(Attr.HIDDEN, "")
                .set(Attr.DATA_COPY, "")
                .set(Attr.ARIA_LABEL, "Copy " + Words.cut(command, 80))
                .text("Copy");
        return new Element(Tag.P).cls("command").add(new Element(Tag.CODE).text(command), button);
    }

    private static String sentence(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? "" : stripped.substring(0, 1).toUpperCase(Locale.ROOT) + stripped.substring(1);
    }

    private static Html steps(String id, String title, List<String> steps) {
        if (steps.isEmpty()) {
            return Html.text("");
        }
        Element list = new Element(Tag.OL).cls("steps");
        for (String step : steps) {
            list.add(new Element(Tag.LI).add(line(step)));
        }
        return IncidentPage.section(id, title).add(list);
    }
}
