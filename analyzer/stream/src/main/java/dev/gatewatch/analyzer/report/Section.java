package dev.gatewatch.analyzer.report;

import java.util.List;

/// What the handbook says of one cause. Commands are templates: [Commands] fills them in.
///
/// @param page file and place: `backend_down.md#clean_stop`
/// @param name the cause as a person types it: `backend_down/clean_stop`
/// @param summary one sentence
/// @param whatYouSee what logs and clients show, in lines as they stand on the page; so are the next two
/// @param why how it comes about
/// @param whatToDo the repair in words
/// @param diagnose commands that show whether it is this cause
/// @param repair commands and `# edit …` lines that repair it, in their order
public record Section(
        String page,
        String name,
        String summary,
        String whatYouSee,
        String why,
        String whatToDo,
        List<String> diagnose,
        List<String> repair) {
    public Section {
        diagnose = List.copyOf(diagnose);
        repair = List.copyOf(repair);
    }

    /// The section for a terminal.
    String text() {
        return """
                %s
                %s
                %s

                What you see. %s

                Why. %s

                What to do. %s

                Diagnose:
                %s
                Repair:
                %s""".formatted(
                        name,
                        "-".repeat(name.length()),
                        summary,
                        whatYouSee,
                        why,
                        whatToDo,
                        indented(diagnose),
                        indented(repair));
    }

    private static String indented(List<String> commands) {
        return String.join("\n", commands).indent(4);
    }
}
