package dev.gatewatch.alerts.page;

/// The attributes that pages use. There is neither `style` nor any `on…`.
enum Attr {
    ACTION("action"),
    ARIA_DESCRIBEDBY("aria-describedby"),
    ARIA_HIDDEN("aria-hidden"),
    ARIA_LABEL("aria-label"),
    ARIA_LABELLEDBY("aria-labelledby"),
    ARIA_LIVE("aria-live"),
    CHARSET("charset"),
    CLASS("class"),
    CONTENT("content"),
    D("d"),
    DATETIME("datetime"),
    DATA_COPY("data-copy"),
    DATA_VERSION("data-version"),
    DEFER("defer"),
    HIDDEN("hidden"),
    HREF("href"),
    ID("id"),
    LANG("lang"),
    METHOD("method"),
    NAME("name"),
    PLACEHOLDER("placeholder"),
    REL("rel"),
    ROLE("role"),
    SCOPE("scope"),
    SELECTED("selected"),
    SRC("src"),
    TABINDEX("tabindex"),
    TEXT_ANCHOR("text-anchor"),
    TITLE("title"),
    TYPE("type"),
    VALUE("value"),
    VIEW_BOX("viewBox"),
    X("x"),
    X1("x1"),
    X2("x2"),
    Y("y"),
    Y1("y1"),
    Y2("y2");

    private final String markup;

    Attr(String markup) {
        this.markup = markup;
    }

    String markup() {
        return markup;
    }

    /// Whether a browser may follow the value.
    boolean address() {
        return this == HREF || this == SRC || this == ACTION;
    }
}
