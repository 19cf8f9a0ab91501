package dev.gatewatch.alerts.page;

import dev.gatewatch.incident.Incident;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Requests per second with the failed ones among them, the incident's moments and its evidence on the same
/// axis; and the same as a table for those who cannot see it.
final class Timeline {
    private static final int WIDTH = 960;
    private static final int LEFT = 52;
    private static final int RIGHT = 948;
    private static final int TOP = 46;
    private static final int BOTTOM = 204;
    private static final int HEIGHT = 232;
    private static final int MOST_BUCKETS = 120;
    private static final int LEAST_SECONDS = 20;
    private static final double LABEL_WIDTH = 104;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    /// So many requests a second, from a second on.
    private record Bucket(long second, double requests, double failed) {}

    private final Incident incident;
    private final long from;
    private final long seconds;
    private final int step;
    private final List<Bucket> buckets;
    private final double top;

    private Timeline(Incident incident) {
        this.incident = incident;
        List<List<Long>> rows = incident.requests().perSecond();
        from = rows.stream().mapToLong(List::getFirst).min().orElse(0);
        long last = rows.stream().mapToLong(List::getFirst).max().orElse(0);
        seconds = Math.max(LEAST_SECONDS, Math.min(last - from + 1, 7 * 86_400));
        step = Math.toIntExact((seconds + MOST_BUCKETS - 1) / MOST_BUCKETS);
        buckets = buckets(rows);
        top = ceiling(buckets.stream()
                .mapToDouble(bucket -> Math.max(bucket.requests(), bucket.failed()))
                .max()
                .orElse(1));
    }

    /// The chart and its table; a sentence where there is nothing to draw.
    static Html of(Incident incident) {
        if (incident.requests().perSecond().isEmpty()) {
            return new Element(Tag.P).cls("muted").text("No access log tells how many requests there were.");
        }
        Timeline timeline = new Timeline(incident);
        return Html.all(List.of(
                new Element(Tag.DIV)
                        .cls("chart")
                        .set(Attr.TABINDEX, 0)
                        .set(Attr.ROLE, "region")
                        .set(Attr.ARIA_LABEL, "Requests per second")
                        .add(timeline.drawing()),
                timeline.legend(),
                timeline.table()));
    }

    private List<Bucket> buckets(List<List<Long>> rows) {
        double[][] sums = new double[Math.toIntExact((seconds + step - 1) / step)][2];
        for (List<Long> row : rows) {
            long at = (row.getFirst() - from) / step;
            if (at < sums.length) {
                sums[(int) at][0] += row.get(1);
                sums[(int) at][1] += row.get(2);
            }
        }
        List<Bucket> all = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            all.add(new Bucket(from + (long) i * step, sums[i][0] / step, sums[i][1] / step));
        }
        return all;
    }

    private Element drawing() {
        return new Element(Tag.SVG)
                .set(Attr.VIEW_BOX, "0 0 " + WIDTH + " " + HEIGHT)
                .set(Attr.ROLE, "img")
                .set(Attr.ARIA_LABELLEDBY, "chart-title")
                .set(Attr.ARIA_DESCRIBEDBY, "chart-about")
                .add(
                        new Element(Tag.TITLE)
                                .set(Attr.ID, "chart-title")
                                .text("Requests per second, failed ones in red"),
                        new Element(Tag.SVG_DESC).set(Attr.ID, "chart-about").text(about()))
                .add(grid())
                .add(bars("requests", false), bars("failed", true))
                .add(evidence())
                .add(markers())
                .add(ticks());
    }

    private String about() {
        Bucket worst =
                buckets.stream().max(Comparator.comparingDouble(Bucket::failed)).orElseThrow();
        return "From " + clock(from) + " to " + clock(from + seconds) + " UTC. The worst second had "
                + amount(worst.failed()) + " failed requests, at " + clock(worst.second())
                + ". All numbers are in the table below.";
    }

    private List<Html> grid() {
        List<Html> lines = new ArrayList<>();
        for (double share : new double[] {0, 0.5, 1}) {
            double y = y(top * share);
            lines.add(line("grid", LEFT, y, RIGHT, y));
            lines.add(label("axis", LEFT - 8, y + 4, "end", amount(top * share)));
        }
        return lines;
    }

    private Element bars(String kind, boolean failed) {
        StringBuilder path = new StringBuilder();
        double width = x(from + step) - x(from);
        double gap = width > 5 ? 1 : 0;
        for (Bucket bucket : buckets) {
            double height = y(0) - y(failed ? bucket.failed() : bucket.requests());
            if (height > 0) {
                path.append(String.format(
                        Locale.ROOT,
                        "M%.1f %dh%.1fv-%.1fh-%.1fz",
                        x(bucket.second()) + gap / 2,
                        BOTTOM,
                        width - gap,
                        height,
                        width - gap));
            }
        }
        return new Element(Tag.SVG_PATH).cls("bars " + kind).set(Attr.D, path.toString());
    }

    /// A small mark below the axis for each line of evidence.
    private List<Html> evidence() {
        return incident.evidence().stream()
                .filter(line -> within(line.at()))
                .<Html>map(line -> new Element(Tag.SVG_PATH)
                        .cls("mark")
                        .set(Attr.D, String.format(Locale.ROOT, "M%.1f %dl4 7h-8z", x(line.at()), BOTTOM + 1))
                        .add(new Element(Tag.TITLE)
                                .text(CLOCK.format(line.at()) + " " + line.host() + ": " + Words.lower(line.says()))))
                .toList();
    }

    private record Marker(Instant at, String name, String kind) {}

    private List<Html> markers() {
        List<Marker> moments = new ArrayList<>();
        moments.add(new Marker(incident.startedAt(), "first failure", "start"));
        moments.add(new Marker(incident.detectedAt(), "detected", "detected"));
        Instant resolvedAt = incident.resolvedAt();
        if (resolvedAt != null) {
            moments.add(new Marker(resolvedAt, "resolved", "resolved"));
        }
        List<Html> drawn = new ArrayList<>();
        double[] free = {0, 0};
        for (Marker moment : moments) {
            if (within(moment.at())) {
                double x = x(moment.at());
                int row = x >= free[0] ? 0 : 1;
                free[row] = x + LABEL_WIDTH;
                boolean left = x > RIGHT - LABEL_WIDTH;
                double y = row == 0 ? 14 : 30;
                drawn.add(line("moment " + moment.kind(), x, y + 4, x, BOTTOM));
                drawn.add(label(
                        "moment",
                        left ? x - 5 : x + 5,
                        y + 4,
                        left ? "end" : "start",
                        moment.name() + " " + CLOCK.format(moment.at())));
            }
        }
        return drawn;
    }

    private List<Html> ticks() {
        long every = tickStep();
        List<Html> labels = new ArrayList<>();
        for (long at = Math.ceilDiv(from, every) * every; at < from + seconds; at += every) {
            boolean fits = x(at) > LEFT + 20 && x(at) < RIGHT - 20;
            if (fits) {
                labels.add(label("axis", x(at), HEIGHT - 6, "middle", clock(at)));
            }
        }
        return labels;
    }

    private long tickStep() {
        for (long every : new long[] {5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600}) {
            if (seconds / every <= 8) {
                return every;
            }
        }
        return 86_400;
    }

    private Element legend() {
        String unit = step == 1 ? "per second" : "per second, means of " + step + " s";
        return new Element(Tag.P)
                .cls("legend")
                .set(Attr.ARIA_HIDDEN, "true")
                .add(
                        new Element(Tag.SPAN).cls("key requests").text("requests " + unit),
                        new Element(Tag.SPAN).cls("key failed").text("failed"),
                        new Element(Tag.SPAN).cls("key mark").text("evidence"));
    }

    private Element table() {
        Element rows = new Element(Tag.TBODY);
        for (Bucket bucket : buckets) {
            rows.add(new Element(Tag.TR)
                    .add(
                            new Element(Tag.TH).set(Attr.SCOPE, "row").text(clock(bucket.second())),
                            new Element(Tag.TD).text(amount(bucket.requests())),
                            new Element(Tag.TD).text(amount(bucket.failed()))));
        }
        Element head = new Element(Tag.TR);
        for (String name : List.of("UTC", "Requests per second", "Failed")) {
            head.add(new Element(Tag.TH).set(Attr.SCOPE, "col").text(name));
        }
        return new Element(Tag.DETAILS)
                .set(Attr.ID, "chart-table")
                .add(
                        new Element(Tag.SUMMARY).text("Show as a table"),
                        new Element(Tag.DIV)
                                .cls("scroll")
                                .set(Attr.TABINDEX, 0)
                                .add(new Element(Tag.TABLE)
                                        .cls("numbers")
                                        .add(new Element(Tag.THEAD).add(head), rows)));
    }

    private boolean within(Instant at) {
        return at.getEpochSecond() >= from && at.getEpochSecond() <= from + seconds;
    }

    private double x(Instant at) {
        return along(at.getEpochSecond() - from + at.getNano() / 1e9);
    }

    private double x(long second) {
        return along((double) (second - from));
    }

    private double along(double secondsFromTheLeft) {
        return LEFT + secondsFromTheLeft / seconds * (RIGHT - LEFT);
    }

    private double y(double amount) {
        return BOTTOM - amount / top * (BOTTOM - TOP);
    }

    private static Element line(String kind, double x1, double y1, double x2, double y2) {
        return new Element(Tag.SVG_LINE)
                .cls(kind)
                .set(Attr.X1, number(x1))
                .set(Attr.Y1, number(y1))
                .set(Attr.X2, number(x2))
                .set(Attr.Y2, number(y2));
    }

    private static Element label(String kind, double x, double y, String anchor, String text) {
        return new Element(Tag.SVG_TEXT)
                .cls(kind)
                .set(Attr.X, number(x))
                .set(Attr.Y, number(y))
                .set(Attr.TEXT_ANCHOR, anchor)
                .text(text);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String amount(double value) {
        return value == Math.rint(value) ? Words.number((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String clock(long second) {
        return CLOCK.format(Instant.ofEpochSecond(second));
    }

    /// The next of 2, 4, 6, 10, 20, 40, … that is not below.
    private static double ceiling(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1))));
        for (double factor : new double[] {1, 2, 4, 6, 8}) {
            if (factor * unit >= value && factor * unit >= 2) {
                return factor * unit;
            }
        }
        return 10 * unit;
    }
}
