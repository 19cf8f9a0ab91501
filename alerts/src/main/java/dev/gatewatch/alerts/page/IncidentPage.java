package dev.gatewatch.alerts.page;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One incident: first what happened and what to do, then what shows it.
final class IncidentPage {
    private static final int LONGEST_LINE = 2_000;
    private static final int LONGEST_LINK = 300;

    private final Incident incident;
    private final Instant now;

    IncidentPage(Incident incident, Instant now) {
        this.incident = incident;
        this.now = now;
    }

    /// For the browser's tab.
    String title() {
        String mark = incident.state() == Incident.State.OPEN ? "● " : "";
        return mark + Words.cut(incident.service(), 100) + ": " + Words.cause(incident.cause(), incident.subCause());
    }

    Html content() {
        Runbook runbook = new Runbook(incident);
        return Html.all(Stream.of(
                        new Element(Tag.NAV)
                                .cls("crumbs")
                                .add(new Element(Tag.A).set(Attr.HREF, "/").text("All incidents")),
                        opening(),
                        facts(),
                        chain(),
                        runbook.repair(),
                        section("timeline", "Requests").add(Timeline.of(incident)),
                        checks(),
                        evidence(),
                        servers(),
                        runbook.diagnose(),
                        alternatives(),
                        origin())
                .toList());
    }

    /// `112 of 130 requests failed through edge1.lab`.
    static String impact(Incident incident) {
        long failed = failed(incident);
        long total = incident.requests().total();
        String of = total >= failed && total > 0 ? " of " + Words.number(total) : "";
        String proxies = incident.proxies().stream().map(Incident.Proxy::host).collect(Collectors.joining(", "));
        return Words.number(failed) + of + " requests failed"
                + (proxies.isEmpty() ? "" : " through " + Words.cut(proxies, 200));
    }

    static long failed(Incident incident) {
        return incident.requests().failed().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Element opening() {
        boolean open = incident.state() == Incident.State.OPEN;
        Instant end = Objects.requireNonNullElse(incident.resolvedAt(), now);
        String lasted = Words.span(Duration.between(incident.startedAt(), end));
        return new Element(Tag.SECTION)
                .cls("opening")
                .add(
                        new Element(Tag.P)
                                .cls("eyebrow")
                                .add(
                                        new Element(Tag.SPAN).cls("service").text(incident.service()),
                                        open
                                                ? Layout.chip("open", "open " + lasted)
                                                : Layout.chip("resolved", "resolved after " + lasted)),
                        new Element(Tag.H1).text(Words.cut(incident.summary(), 1_000)),
                        new Element(Tag.P)
                                .cls("cause")
                                .add(
                                        new Element(Tag.SPAN)
                                                .cls("name")
                                                .text(Words.cause(incident.cause(), incident.subCause())),
                                        ListPage.verdict(incident)));
    }

    private Element facts() {
        Element list = new Element(Tag.DL).cls("facts");
        fact(list, "Impact", Html.text(impact(incident)));
        fact(list, "Answers", Html.text(answers()));
        fact(list, "Repair at", Html.text(repairAt()));
        fact(list, "First failure", Layout.time(incident.startedAt()));
        fact(
                list,
                "Detected",
                Html.text(Words.span(Duration.between(incident.startedAt(), incident.detectedAt())) + " later"));
        fact(list, "Last failure", Layout.time(incident.lastFailureAt()));
        Instant resolvedAt = incident.resolvedAt();
        if (resolvedAt != null) {
            fact(list, "Resolved", Layout.time(resolvedAt));
        }
        return list;
    }

    private static void fact(Element list, String name, Html value) {
        list.add(new Element(Tag.DIV).add(new Element(Tag.DT).text(name), new Element(Tag.DD).add(value)));
    }

    private String answers() {
        String failed = incident.requests().failed().entrySet().stream()
                .map(status -> Words.number(status.getValue()) + " × " + status.getKey())
                .collect(Collectors.joining(", "));
        long masked = incident.requests().masked();
        String saved = masked == 0 ? "" : " · " + Words.number(masked) + " saved by another try";
        return (failed.isEmpty() ? "none failed" : failed) + saved;
    }

    private String repairAt() {
        Incident.Culprit culprit = incident.culprit();
        if (culprit == null) {
            return "not known";
        }
        return culprit.unit() == null ? culprit.host() : culprit.unit() + " on " + culprit.host();
    }

    private Html chain() {
        if (incident.chain().isEmpty()) {
            return Html.text("");
        }
        Element list = new Element(Tag.OL).cls("chain");
        for (Incident.Link link : incident.chain()) {
            list.add(new Element(Tag.LI)
                    .add(
                            new Element(Tag.SPAN)
                                    .cls("when")
                                    .add(
                                            new Element(Tag.SPAN)
                                                    .cls("offset")
                                                    .text(Layout.offset(Duration.ofMillis(link.offsetMillis()))),
                                            Layout.exactTime(link.at())),
                            new Element(Tag.SPAN)
                                    .cls("what")
                                    .text(Words.cut(link.text(), LONGEST_LINK))
                                    .add(new Element(Tag.SPAN).cls("host").text(link.host() + " · " + link.source()))));
        }
        return section("chain", "How it came about").add(list);
    }

    private Element checks() {
        Element list = new Element(Tag.UL).cls("checks");
        for (Incident.Check check : incident.checks()) {
            String result = check.result().name().toLowerCase(Locale.ROOT);
            list.add(new Element(Tag.LI)
                    .cls("check " + result)
                    .add(
                            new Element(Tag.SPAN).cls("result").text(result),
                            new Element(Tag.DIV)
                                    .add(
                                            new Element(Tag.P).cls("question").text(check.question()),
                                            new Element(Tag.P)
                                                    .cls("answer")
                                                    .text(Words.cut(check.answer(), LONGEST_LINE)),
                                            check.command() == null ? Html.text("") : Runbook.line(check.command()))));
        }
        return section("checks", "Five checks").add(list);
    }

    private Element evidence() {
        Element list = new Element(Tag.OL).cls("evidence");
        for (Incident.Evidence line : incident.evidence()) {
            list.add(new Element(Tag.LI)
                    .add(
                            new Element(Tag.P)
                                    .cls("source")
                                    .add(
                                            Layout.exactTime(line.at()),
                                            new Element(Tag.SPAN)
                                                    .cls("offset")
                                                    .text(Layout.offset(line.at(), incident.startedAt())),
                                            new Element(Tag.SPAN).cls("host").text(line.host() + " · " + line.source()),
                                            new Element(Tag.SPAN)
                                                    .cls("says")
                                                    .text(Words.lower(line.says()) + times(line.count()))),
                            new Element(Tag.P)
                                    .cls("line")
                                    .set(Attr.TABINDEX, 0)
                                    .add(new Element(Tag.CODE).text(Words.cut(line.line(), LONGEST_LINE)))));
        }
        Html content = incident.evidence().isEmpty()
                ? new Element(Tag.P).cls("muted").text("No line tells why; the failures themselves are all there is.")
                : list;
        return section("evidence", "Evidence").add(content);
    }

    private static String times(long count) {
        return count > 1 ? " × " + Words.number(count) : "";
    }

    private Html servers() {
        if (incident.endpoints().isEmpty()) {
            return Html.text("");
        }
        Element head = new Element(Tag.TR);
        for (String name : List.of("Server", "Address", "Failed tries")) {
            head.add(new Element(Tag.TH).set(Attr.SCOPE, "col").text(name));
        }
        Element rows = new Element(Tag.TBODY);
        for (Incident.Endpoint endpoint : incident.endpoints()) {
            rows.add(new Element(Tag.TR)
                    .add(
                            new Element(Tag.TH)
                                    .set(Attr.SCOPE, "row")
                                    .text(Objects.requireNonNullElse(endpoint.server(), "–")),
                            new Element(Tag.TD).cls("mono").text(endpoint.address()),
                            new Element(Tag.TD).cls("number").text(Words.number(endpoint.failures()))));
        }
        return section("servers", "Servers that could not be used")
                .add(new Element(Tag.TABLE).cls("list").add(new Element(Tag.THEAD).add(head), rows));
    }

    private Html alternatives() {
        if (incident.alternatives().isEmpty()) {
            return Html.text("");
        }
        List<Html> items = new ArrayList<>();
        for (Incident.Alternative other : incident.alternatives()) {
            items.add(new Element(Tag.DIV)
                    .add(
                            new Element(Tag.DT)
                                    .text(Words.cause(other.cause(), other.subCause()) + " ")
                                    .add(new Element(Tag.SPAN).cls("muted").text(Words.percent(other.confidence()))),
                            new Element(Tag.DD).text(other.against())));
        }
        return section("alternatives", "Why not something else")
                .add(new Element(Tag.DL).cls("others").add(items));
    }

    private Element origin() {
        return new Element(Tag.P)
                .cls("origin")
                .text("Incident " + incident.id() + ", revision " + incident.revision() + " · ")
                .add(new Element(Tag.A)
                        .set(Attr.HREF, "/api/v1/incidents/" + incident.id())
                        .text("JSON"));
    }

    static Element section(String id, String title) {
        return new Element(Tag.SECTION)
                .set(Attr.ID, id)
                .set(Attr.ARIA_LABELLEDBY, id + "-title")
                .add(new Element(Tag.H2)
                        .cls("section")
                        .set(Attr.ID, id + "-title")
                        .text(title));
    }
}
