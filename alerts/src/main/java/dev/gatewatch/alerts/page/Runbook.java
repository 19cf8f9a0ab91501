package dev.gatewatch.alerts.page;

import dev.gatewatch.incident.Incident;
import java.util.List;

/// The steps to diagnose and to repair. What stands between backticks in a step is shown as code; a step that is nothing but a
/// command can be copied.
final class Runbook {
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

    /// A command with a button that copies it.
    static Element command(String command) {
        return new Element(Tag.P)
                .cls("command")
                .add(
                        new Element(Tag.CODE).text(command),
                        new Element(Tag.BUTTON)
                                .set(Attr.TYPE, "button")
                                .set(Attr.HIDDEN, "")
                                .set(Attr.DATA_COPY, "")
                                .set(Attr.ARIA_LABEL, "Copy " + Words.cut(command, 80))
                                .text("Copy"));
    }

    private static Html steps(String id, String title, List<String> steps) {
        if (steps.isEmpty()) {
            return Html.text("");
        }
        Element list = new Element(Tag.OL).cls("steps");
        for (String step : steps) {
            list.add(new Element(Tag.LI).add(step(step)));
        }
        return IncidentPage.section(id, title).add(list);
    }

    private static Html step(String step) {
        String[] pieces = step.split("`", -1);
        boolean command = pieces.length == 3 && pieces[0].isBlank() && pieces[2].isBlank();
        if (command) {
            return command(pieces[1]);
        }
        if (pieces.length % 2 == 0) {
            return new Element(Tag.P).text(step);
        }
        Element sentence = new Element(Tag.P);
        for (int i = 0; i < pieces.length; i++) {
            sentence.add(i % 2 == 0 ? Html.text(pieces[i]) : new Element(Tag.CODE).text(pieces[i]));
        }
        return sentence;
    }
}
