package dev.gatewatch.alerts.page;

import dev.gatewatch.alerts.board.View;
import dev.gatewatch.program.Health;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// What all pages share: the frame, times, and labels for states.
final class Layout {
    private static final DateTimeFormatter DAY_AND_TIME = format("uuuu-MM-dd HH:mm:ss 'UTC'");
    private static final DateTimeFormatter MILLISECONDS = format("HH:mm:ss.SSS");

    private Layout() {}

    /// The whole document.
    ///
    /// @param cluster what these gateways are called
    /// @param health whether the board is in step with the topic
    static String document(String title, String cluster, View view, Health health, Html content) {
        Element body = new Element(Tag.BODY)
                .set(Attr.DATA_VERSION, view.version())
                .add(
                        header(cluster),
                        new Element(Tag.MAIN).set(Attr.ID, "main").add(notice(view, health), content),
                        footer());
        return Html.document(new Element(Tag.HTML).set(Attr.LANG, "en").add(head(title), body));
    }

    private static Element head(String title) {
        return new Element(Tag.HEAD)
                .add(
                        new Element(Tag.META).set(Attr.CHARSET, "utf-8"),
                        new Element(Tag.META)
                                .set(Attr.NAME, "viewport")
                                .set(Attr.CONTENT, "width=device-width, initial-scale=1"),
                        new Element(Tag.META).set(Attr.NAME, "color-scheme").set(Attr.CONTENT, "light dark"),
                        new Element(Tag.TITLE).text(title),
                        new Element(Tag.LINK).set(Attr.REL, "icon").set(Attr.HREF, "/assets/icon.svg"),
                        new Element(Tag.LINK).set(Attr.REL, "stylesheet").set(Attr.HREF, "/assets/page.css"),
                        new Element(Tag.SCRIPT).set(Attr.SRC, "/assets/page.js").set(Attr.DEFER, ""));
    }

    private static Element header(String cluster) {
        return new Element(Tag.HEADER)
                .cls("top")
                .add(
                        new Element(Tag.A).cls("brand").set(Attr.HREF, "/").text("Gatewatch"),
                        new Element(Tag.SPAN).cls("cluster").text(cluster),
                        new Element(Tag.SPAN).cls("live").set(Attr.ID, "live").set(Attr.ROLE, "status"));
    }

    private static Element footer() {
        return new Element(Tag.FOOTER)
                .cls("bottom")
                .add(
                        new Element(Tag.A).set(Attr.HREF, "/api/v1/incidents").text("JSON"),
                        new Element(Tag.SPAN).text("Times are UTC; your local time is shown beside them."));
    }

    private static Html notice(View view, Health health) {
        if (health.ok() && view.complete()) {
            return Html.text("");
        }
        String what = view.complete() ? "What you see may be out of date" : "Incidents are still being read";
        return new Element(Tag.P).cls("notice").set(Attr.ROLE, "alert").text(what + ": " + health.reason() + ".");
    }

    /// A moment with its day, and a place for the viewer's local time.
    static Html time(Instant at) {
        return time(at, DAY_AND_TIME);
    }

    /// A moment within a known day, with milliseconds.
    static Html exactTime(Instant at) {
        return new Element(Tag.TIME)
                .set(Attr.DATETIME, at.toString())
                .set(Attr.TITLE, DAY_AND_TIME.format(at))
                .text(MILLISECONDS.format(at));
    }

    private static Html time(Instant at, DateTimeFormatter format) {
        return new Element(Tag.SPAN)
                .cls("when")
                .add(
                        new Element(Tag.TIME).set(Attr.DATETIME, at.toString()).text(format.format(at)),
                        new Element(Tag.SPAN).cls("local"));
    }

    /// How long before or after another moment: `−0.3 s`, `+4.0 s`.
    static String offset(Instant at, Instant origin) {
        return offset(Duration.between(origin, at));
    }

    /// The same of a distance.
    static String offset(Duration distance) {
        return (distance.isNegative() ? "−" : "+") + Words.span(distance.abs());
    }

    /// A small label whose colour follows a fixed set of classes.
    static Element chip(String kind, String text) {
        return new Element(Tag.SPAN).cls("chip " + kind).text(text);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }
}
