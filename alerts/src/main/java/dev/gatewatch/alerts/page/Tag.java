package dev.gatewatch.alerts.page;

/// The elements that pages are made of; none of them runs or embeds anything but the page's own script.
enum Tag {
    A("a"),
    ARTICLE("article"),
    BODY("body"),
    BUTTON("button"),
    CAPTION("caption"),
    CODE("code"),
    DD("dd"),
    DETAILS("details"),
    DIV("div"),
    DL("dl"),
    DT("dt"),
    FOOTER("footer"),
    FORM("form"),
    H1("h1"),
    H2("h2"),
    H3("h3"),
    HEAD("head"),
    HEADER("header"),
    HTML("html"),
    INPUT("input"),
    LABEL("label"),
    LI("li"),
    LINK("link"),
    MAIN("main"),
    META("meta"),
    NAV("nav"),
    OL("ol"),
    OPTION("option"),
    P("p"),
    SCRIPT("script"),
    SECTION("section"),
    SELECT("select"),
    SPAN("span"),
    SUMMARY("summary"),
    TABLE("table"),
    TBODY("tbody"),
    TD("td"),
    TH("th"),
    THEAD("thead"),
    TIME("time"),
    TITLE("title"),
    TR("tr"),
    UL("ul"),
    SVG("svg"),
    SVG_DESC("desc"),
    SVG_G("g"),
    SVG_LINE("line"),
    SVG_PATH("path"),
    SVG_TEXT("text");

    private final String markup;

    Tag(String markup) {
        this.markup = markup;
    }

    String markup() {
        return markup;
    }

    /// Whether the element has no end tag.
    boolean empty() {
        return this == INPUT || this == LINK || this == META;
    }
}
