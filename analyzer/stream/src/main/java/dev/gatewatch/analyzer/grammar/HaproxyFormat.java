package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.HaproxyFormatText.Step;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import dev.gatewatch.analyzer.grammar.HaproxyVariable.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `log-format` of HAProxy, made into a reader of the few fields that are looked at.
///
/// Numbers, dates, names and termination states are known by their looks; anything else reaches up to the
/// literal that follows it. What a client sends may hold that literal too, so a line that fits in two ways
/// with two meanings does not fit at all.
///
/// See [custom log format](https://docs.haproxy.org/3.0/configuration.html#8.2.6).
public final class HaproxyFormat {
    /// `option httplog`
    static final HaproxyFormat HTTP = of("%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc"
            + " %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r");

    /// `option httpslog`, or `option httplog` with other fields behind it
    static final HaproxyFormat HTTP_AND_MORE = of("%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc"
            + " %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r %[more]");

    /// `option httplog clf`
    static final HaproxyFormat HTTP_CLF = of("%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw"
            + " %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl");

    /// `option tcplog clf`
    static final HaproxyFormat TCP_CLF =
            of("%{+Q}o %{-Q}ci - - [%T] \"TCP \" 000 %B \"\" \"\" %cp %ms %ft %b %s %Th %Tw"
                    + " %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq \"\" \"\" ");

    /// The longest line that HAProxy can be told to write, and what syslog puts before it.
    private static final int LONGEST = 66_000;

    private final String opening;
    private final List<Step> steps;

    private HaproxyFormat(String opening, List<Step> steps) {
        this.opening = opening;
        this.steps = steps;
    }

    /// Compiles the format's text, without the quotes and escapes of the configuration.
    public static HaproxyFormat of(String format) {
        HaproxyFormatText text = HaproxyFormatText.of(format);
        return new HaproxyFormat(text.opening(), text.steps());
    }

    /// Whether lines of the format tell how a request ended.
    boolean tellsAnEnding() {
        return tells(HaproxyVariable.STATUS) || tells(HaproxyVariable.STATE) || tells(HaproxyVariable.STATE_AND_COOKIE);
    }

    /// Whether lines of the format can be told from others, though they do not tell how a request ended.
    boolean isDated() {
        return steps.stream().anyMatch(step -> step.variable().shape() == Shape.DATE);
    }

    private boolean tells(HaproxyVariable variable) {
        return steps.stream().anyMatch(step -> step.variable() == variable);
    }

    /// The request of a line, null if the line is not of this format.
    ///
    /// @param logged when a syslog daemon says that the line was written, [Stamp#NONE] if there is none
    @Nullable
    Traffic read(Slice line, Stamp logged) {
        HaproxyValues values = match(line, false);
        if (values == null) {
            values = match(line, true);
        }
        return values == null ? null : values.traffic(logged);
    }

    boolean fits(Slice line) {
        return match(line, false) != null;
    }

    private @Nullable HaproxyValues match(Slice line, boolean cut) {
        boolean may = line.startsWith(opening) && line.length() <= LONGEST;
        return may ? new Match(line, cut).find(opening.length()) : null;
    }

    /// The search for a way in which a line fits.
    private final class Match {
        /// How often all bytes of a line may be looked at; no honest line needs nearly as much.
        private static final int MOST_LOOKS = 10;

        private final Slice line;
        private final boolean cut;
        private final Map<HaproxyVariable, Slice> found = new EnumMap<>(HaproxyVariable.class);
        private @Nullable HaproxyValues values;
        private boolean ambiguous;
        private int budget;

        Match(Slice line, boolean cut) {
            this.line = line;
            this.cut = cut;
            this.budget = MOST_LOOKS * (line.length() + 100);
        }

        @Nullable
        HaproxyValues find(int begin) {
            step(0, begin);
            return ambiguous ? null : values;
        }

        private void step(int index, int at) {
            if (ambiguous || --budget < 0) {
                ambiguous = true;
            } else if (index == steps.size()) {
                if (line.after(at).trimmed().isEmpty()) {
                    fits();
                }
            } else {
                Step step = steps.get(index);
                switch (step.variable().shape()) {
                    case NUMBER, RETRIES -> number(index, step, at);
                    case DATE -> date(index, step, at);
                    case STATE -> state(index, step, at);
                    case NAME, TEXT -> text(index, step, at);
                }
            }
        }

        private void fits() {
            HaproxyValues more = new HaproxyValues(new EnumMap<>(found));
            ambiguous = values != null && !values.same(more);
            values = more;
        }

        private void number(int index, Step step, int at) {
            boolean sign = line.byteAt(at) == '-' || line.byteAt(at) == '+';
            int end = at + (sign ? 1 : 0);
            end += line.digitsAt(end);
            boolean plus = line.byteAt(at) == '+';
            if (end > (plus ? at + 1 : at)) {
                take(index, step, at, end, end);
            }
        }

        private void date(int index, Step step, int at) {
            Cursor ahead = line.after(at).cursor();
            Stamp.common(ahead);
            if (!ahead.malformed()) {
                take(index, step, at, at + ahead.column(), at + ahead.column());
            }
        }

        private void state(int index, Step step, int at) {
            int end = at + (step.variable() == HaproxyVariable.STATE ? 2 : 4);
            if (line.length() >= end && HaproxyVariable.isState(line.sub(at, end))) {
                take(index, step, at, end, end);
            }
        }

        /// Each place at which the text may end.
        private void text(int index, Step step, int at) {
            if (step.quoted() && line.byteAt(at) != '"') {
                return;
            }
            int from = step.quoted() ? at + 1 : at;
            int last = step.variable().shape() == Shape.NAME ? endOfName(from) : line.length();
            if (step.closing().isEmpty() && !step.quoted()) {
                unbounded(index, step, from, last);
                return;
            }
            String closing = step.quoted() ? "\"" + step.closing() : step.closing();
            String wanted = closing.stripTrailing().isEmpty() ? closing : closing.stripTrailing();
            if (step.mayVanish() && !step.quoted() && at > 0 && line.byteAt(at - 1) == ' ' && closing.startsWith(" ")) {
                found.put(step.variable(), Slice.EMPTY);
                literal(index, step.closing(), at - 1);
            }
            for (int end = next(wanted, from, last); end >= 0 && !ambiguous; end = next(wanted, end + 1, last)) {
                take(index, step, from, end, step.quoted() ? end + 1 : end);
            }
            if (cut && onlyTextFollows(index)) {
                take(index, step, from, line.length(), -1);
            }
        }

        /// Where the literal stands next, -1 if it does not.
        private int next(String literal, int from, int last) {
            int at = line.sub(0, last + literal.length()).indexOf(literal, from);
            budget -= (at < 0 ? last : at) - from;
            return at;
        }

        /// A text that nothing bounds ends where the line does, or where what follows it fits.
        private void unbounded(int index, Step step, int from, int last) {
            int first = index == steps.size() - 1 ? last : from;
            for (int end = first; end <= last && !ambiguous; end++) {
                take(index, step, from, end, end);
            }
        }

        private int endOfName(int from) {
            int end = from;
            while (end < line.length() && line.byteAt(end) > ' ' && line.byteAt(end) != '"') {
                end++;
            }
            return end;
        }

        /// Whether a line that is cut here has told all but texts.
        private boolean onlyTextFollows(int index) {
            return steps.subList(index, steps.size()).stream()
                    .allMatch(step ->
                            step.variable().shape() == Shape.TEXT || step.variable() == HaproxyVariable.OTHER_NUMBER);
        }

        /// Takes the value and goes on behind it.
        ///
        /// @param end where the value ends
        /// @param next where the literal begins that follows it, -1 if the line is cut here
        private void take(int index, Step step, int from, int end, int next) {
            found.put(step.variable(), line.sub(from, end));
            if (next < 0) {
                steps.subList(index + 1, steps.size()).forEach(later -> found.put(later.variable(), Slice.EMPTY));
                fits();
            } else {
                literal(index, step.closing(), next);
            }
        }

        /// Passes over the literal behind a variable. The last blanks of a line may have been cut off.
        private void literal(int index, String closing, int at) {
            if (line.hasAt(at, closing)) {
                step(index + 1, at + closing.length());
            } else if (index == steps.size() - 1 && line.hasAt(at, closing.stripTrailing())) {
                step(index + 1, at + closing.stripTrailing().length());
            } else if (at == line.length() && index < steps.size() - 1 && vanishes(index + 1) && closing.isBlank()) {
                step(steps.size(), at);
            }
        }

        private boolean vanishes(int index) {
            return steps.subList(index, steps.size()).stream().allMatch(Step::mayVanish);
        }
    }
}
