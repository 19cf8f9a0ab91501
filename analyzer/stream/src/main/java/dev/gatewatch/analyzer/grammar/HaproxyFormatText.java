package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.HaproxyVariable.Shape;
import java.util.ArrayList;
import java.util.List;

/// The text of a `log-format`, taken apart: literals and variables in turn.
///
/// ```
/// %{+Q}o %{-Q}ci - - [%trg] %r %ST %B st=%[fc_err,hex] %(name:str){+E}HU 100%%
/// ```
/// A flag before `o` holds for all variables that follow, another for its own variable.
final class HaproxyFormatText {

    /// A variable and the literal that follows.
    ///
    /// @param quoted whether HAProxy sets the value in quotes
    /// @param mayVanish whether nothing at all is written for a missing value, and blanks around it become one
    record Step(HaproxyVariable variable, boolean quoted, boolean mayVanish, String closing) {
        /// This variable and the next one as one that is not looked at.
        Step and(Step next) {
            return new Step(
                    HaproxyVariable.OTHER,
                    false,
                    mayVanish && next.mayVanish,
                    next.quoted ? "\"" + next.closing : next.closing);
        }
    }

    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private String opening = "";
    private boolean quoteAll;
    private int at;

    private HaproxyFormatText(String text) {
        this.text = text;
    }

    static HaproxyFormatText of(String format) {
        HaproxyFormatText parts = new HaproxyFormatText(format);
        parts.walk();
        return parts;
    }

    /// What stands before the first variable.
    String opening() {
        return opening;
    }

    /// The variables; several in turn that are not looked at are one.
    List<Step> steps() {
        List<Step> joined = new ArrayList<>();
        for (Step step : steps) {
            boolean passedOver = step.variable == HaproxyVariable.OTHER
                    && !joined.isEmpty()
                    && joined.getLast().variable == HaproxyVariable.OTHER;
            joined.add(passedOver ? joined.removeLast().and(step) : step);
        }
        return List.copyOf(joined);
    }

    private void walk() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                literal(c);
                at++;
            } else if (text.startsWith("%%", at)) {
                literal('%');
                at += 2;
            } else {
                at++;
                variable();
            }
        }
        close();
    }

    /// Blanks in turn are one, as in what HAProxy writes.
    private void literal(char c) {
        boolean blankAgain = c == ' ' && !literal.isEmpty() && literal.charAt(literal.length() - 1) == ' ';
        if (!blankAgain) {
            literal.append(c);
        }
    }

    /// Ends the literal that stands before the next variable or the end.
    private void close() {
        String closed = literal.toString();
        literal.setLength(0);
        if (steps.isEmpty()) {
            opening = closed.stripLeading(); // nor does HAProxy begin a line with a blank
        } else {
            Step last = steps.removeLast();
            steps.add(new Step(last.variable, last.quoted, last.mayVanish, closed));
        }
    }

    private void variable() {
        enclosed('(', ')');
        String flags = enclosed('{', '}');
        boolean quoted = flags.contains("+Q") || (quoteAll && !flags.contains("-Q"));
        if (at < text.length() && text.charAt(at) == '[') {
            expression();
            add(HaproxyVariable.OTHER, quoted, false);
            return;
        }
        int from = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String alias = text.substring(from, at);
        if (alias.equals("o")) {
            quoteAll = quoted;
            return;
        }
        boolean captures = alias.equals("hr") || alias.equals("hs") || alias.equals("hrl") || alias.equals("hsl");
        HaproxyVariable variable = HaproxyVariable.of(alias);
        boolean hexadecimal = flags.contains("+X") && variable.shape() == Shape.NUMBER;
        add(hexadecimal ? HaproxyVariable.OTHER : variable, quoted && !captures, captures);
    }

    private void add(HaproxyVariable variable, boolean quoted, boolean mayVanish) {
        close();
        boolean text = variable.shape() == Shape.TEXT || variable.shape() == Shape.NAME;
        steps.add(new Step(variable, quoted && text, mayVanish, ""));
    }

    /// What stands between the two characters here, empty if the first is not here.
    private String enclosed(char open, char close) {
        int end = at < text.length() && text.charAt(at) == open ? text.indexOf(close, at) : -1;
        String inside = end < 0 ? "" : text.substring(at + 1, end);
        at = end < 0 ? at : end + 1;
        return inside;
    }

    /// `[capture.req.hdr(0),regsub("[^a-z]","",g)]`: a bracket within quotes or parentheses does not end it.
    private void expression() {
        int depth = 0;
        char quote = 0;
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == ']' && depth == 0) {
                at++;
                return;
            } else {
                depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
            }
        }
    }
}
