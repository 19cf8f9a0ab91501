package dev.gatewatch.alerts.page;

import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// All incidents: open ones in full, recent ones as a table.
final class ListPage {
    private final View view;
    private final Filter filter;
    private final Instant now;

    ListPage(View view, Filter filter, Instant now) {
        this.view = view;
        this.filter = filter;
        this.now = now;
    }

    /// For the browser's tab.
    String title() {
        int open = view.in(Incident.State.OPEN).size();
        return (open == 0 ? "" : "(" + open + ") ") + "Gatewatch";
    }

    Html content() {
        List<Incident> matching = filter.matching(view);
        List<Incident> shown = matching.stream().limit(filter.limit()).toList();
        List<Incident> open = shown.stream()
                .filter(incident -> incident.state() == Incident.State.OPEN)
                .toList();
        List<Incident> resolved = shown.stream()
                .filter(incident -> incident.state() == Incident.State.RESOLVED)
                .toList();
        List<Html> parts = new ArrayList<>();
        parts.add(headline(open.size()));
        if (!view.incidents().isEmpty()) {
            parts.add(filters());
        }
        parts.add(new Element(Tag.SECTION)
                .cls("cards")
                .set(Attr.ARIA_LABEL, "Open incidents")
                .add(open.stream().map(this::card).toList()));
        if (!resolved.isEmpty()) {
            parts.add(recent(resolved));
        }
        if (matching.size() > shown.size()) {
            parts.add(more(matching.size()));
        }
        return Html.all(parts);
    }

    private Element headline(int open) {
        if (open > 0) {
            return new Element(Tag.H1).text(Words.plural(open, "incident is open", "incidents are open"));
        }
        if (!view.complete()) {
            return new Element(Tag.H1).cls("quiet").text("Whether a gateway is failing is not known yet");
        }
        String text = filter.narrows() ? "No open incident matches" : "No gateway is failing";
        return new Element(Tag.H1).cls("quiet").text(text);
    }

    private Element filters() {
        Element state = new Element(Tag.SELECT).set(Attr.NAME, "state").set(Attr.ID, "state");
        for (String value : List.of("all", "open", "resolved")) {
            Element option = new Element(Tag.OPTION).set(Attr.VALUE, value).text(Words.title(value));
            boolean chosen = filter.state() != null
                    && filter.state().name().toLowerCase(Locale.ROOT).equals(value);
            state.add(chosen ? option.set(Attr.SELECTED, "") : option);
        }
        return new Element(Tag.FORM)
                .cls("filters")
                .set(Attr.ACTION, "/")
                .set(Attr.METHOD, "get")
                .set(Attr.ROLE, "search")
                .add(
                        field("service", "Service", filter.service()),
                        field("cause", "Cause", filter.cause()),
                        new Element(Tag.LABEL).text("State ").add(state),
                        new Element(Tag.BUTTON).set(Attr.TYPE, "submit").text("Filter"),
                        filter.narrows()
                                ? new Element(Tag.A).set(Attr.HREF, "/").text("Show all")
                                : Html.text(""));
    }

    private static Element field(String name, String label, String value) {
        return new Element(Tag.LABEL)
                .text(label + " ")
                .add(new Element(Tag.INPUT)
                        .set(Attr.ID, name)
                        .set(Attr.NAME, name)
                        .set(Attr.VALUE, value)
                        .set(Attr.PLACEHOLDER, "any"));
    }

    private Element card(Incident incident) {
        return new Element(Tag.ARTICLE)
                .cls("card")
                .add(
                        new Element(Tag.P)
                                .cls("eyebrow")
                                .add(
                                        new Element(Tag.SPAN).cls("service").text(incident.service()),
                                        Layout.chip(
                                                "open",
                                                "open " + Words.span(Duration.between(incident.startedAt(), now))),
                                        verdict(incident)),
                        new Element(Tag.H2)
                                .add(new Element(Tag.A)
                                        .set(Attr.HREF, "/i/" + incident.id())
                                        .text(Words.cause(incident.cause(), incident.subCause()))),
                        new Element(Tag.P).cls("summary").text(Words.cut(incident.summary(), 1_000)),
                        new Element(Tag.P)
                                .cls("muted")
                                .text(IncidentPage.impact(incident))
                                .add(Html.text(" · since "), Layout.time(incident.startedAt())));
    }

    static Element verdict(Incident incident) {
        String name = incident.verdict().name().toLowerCase(Locale.ROOT);
        return Layout.chip(name, name + " · " + Words.percent(incident.confidence()));
    }

    private Element recent(List<Incident> incidents) {
        Element head = new Element(Tag.TR);
        for (String name : List.of("Service", "Cause", "Began", "Lasted", "Failed")) {
            head.add(new Element(Tag.TH).set(Attr.SCOPE, "col").text(name));
        }
        Element rows =
                new Element(Tag.TBODY).add(incidents.stream().map(this::row).toList());
        return new Element(Tag.SECTION)
                .add(
                        new Element(Tag.H2).cls("section").text("Resolved"),
                        new Element(Tag.TABLE).cls("list").add(new Element(Tag.THEAD).add(head), rows));
    }

    private Element row(Incident incident) {
        Instant end = Objects.requireNonNullElse(incident.resolvedAt(), now);
        return new Element(Tag.TR)
                .add(
                        new Element(Tag.TH)
                                .set(Attr.SCOPE, "row")
                                .add(new Element(Tag.A)
                                        .set(Attr.HREF, "/i/" + incident.id())
                                        .text(incident.service())),
                        new Element(Tag.TD).text(Words.cause(incident.cause(), incident.subCause())),
                        new Element(Tag.TD).add(Layout.time(incident.startedAt())),
                        new Element(Tag.TD).cls("number").text(Words.span(Duration.between(incident.startedAt(), end))),
                        new Element(Tag.TD).cls("number").text(Words.number(IncidentPage.failed(incident))));
    }

    private Element more(int all) {
        String state = filter.state() == null ? "all" : filter.state().name().toLowerCase(Locale.ROOT);
        String address = "/?limit=1000&state=" + state + "&service=" + encode(filter.service()) + "&cause="
                + encode(filter.cause());
        return new Element(Tag.P)
                .cls("muted")
                .text("The newest " + Words.number(filter.limit()) + " of " + Words.number(all) + ". ")
                .add(new Element(Tag.A).set(Attr.HREF, address).text("Show more"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
