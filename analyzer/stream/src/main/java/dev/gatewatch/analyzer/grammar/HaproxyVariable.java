package dev.gatewatch.analyzer.grammar;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A variable of HAProxy's `log-format`: what its values look like, and whether they are looked at.
///
/// See [custom log format](https://docs.haproxy.org/3.0/configuration.html#8.2.6).
enum HaproxyVariable {
    /// When the connection was accepted, local time without zone.
    ACCEPTED("t", Shape.DATE),
    ACCEPTED_GMT("T", Shape.DATE),
    ACCEPTED_LOCAL("Tl", Shape.DATE),
    ACCEPTED_SECONDS("Ts", Shape.NUMBER),
    ACCEPTED_MILLIS("ms", Shape.NUMBER),
    /// When the request's first byte came, local time without zone.
    BEGUN("tr", Shape.DATE),
    BEGUN_GMT("trg", Shape.DATE),
    BEGUN_LOCAL("trl", Shape.DATE),
    /// Who asked; only tells clients apart.
    CLIENT("ci", Shape.TEXT),
    FRONTEND("f", Shape.NAME),
    FRONTEND_TLS("ft", Shape.NAME),
    BACKEND("b", Shape.NAME),
    SERVER("s", Shape.NAME),
    STATUS("ST", Shape.NUMBER),
    STATE("ts", Shape.STATE),
    STATE_AND_COOKIE("tsc", Shape.STATE),
    RETRIES("rc", Shape.RETRIES),
    REQUEST_IDLE_AND_ALL("Tq", Shape.NUMBER),
    REQUEST_TIME("TR", Shape.NUMBER),
    QUEUE_TIME("Tw", Shape.NUMBER),
    CONNECT_TIME("Tc", Shape.NUMBER),
    RESPONSE_TIME("Tr", Shape.NUMBER),
    ACTIVE_TIME("Ta", Shape.NUMBER),
    TOTAL_TIME("Tt", Shape.NUMBER),
    USER_TIME("Tu", Shape.NUMBER),
    REQUEST("r", Shape.TEXT),
    PATH("HP", Shape.TEXT),
    PATH_ONLY("HPO", Shape.TEXT),
    URI("HU", Shape.TEXT),
    /// A number that is not looked at, but shows that the line fits.
    OTHER_NUMBER("", Shape.NUMBER),
    /// Anything else.
    OTHER("", Shape.TEXT);

    /// What a value looks like.
    enum Shape {
        /// `42`, `-1`, `+42` (`option logasap`) or `-`
        NUMBER,
        /// A number whose `+` means that another server was tried before.
        RETRIES,
        /// `22/Nov/2026:13:55:15.981` or `22/Nov/2026:13:55:15 +0000`
        DATE,
        /// Two or four characters.
        STATE,
        /// A name: no blanks, no quotes.
        NAME,
        /// Anything.
        TEXT
    }

    private static final Map<String, HaproxyVariable> BY_ALIAS = Arrays.stream(values())
            .filter(variable -> !variable.alias.isEmpty())
            .collect(Collectors.toUnmodifiableMap(variable -> variable.alias, Function.identity()));

    private final String alias;
    private final Shape shape;

    HaproxyVariable(String alias, Shape shape) {
        this.alias = alias;
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    /// Whether the value is looked at for what became of the request.
    boolean isUsed() {
        return this != OTHER && this != OTHER_NUMBER && this != CLIENT;
    }

    static HaproxyVariable of(String alias) {
        return switch (alias) {
            case "B",
                    "U",
                    "ac",
                    "fc",
                    "bc",
                    "sc",
                    "sq",
                    "bq",
                    "cp",
                    "bp",
                    "fp",
                    "sp",
                    "lc",
                    "rt",
                    "pid",
                    "Th",
                    "Ti",
                    "Td" -> OTHER_NUMBER;
            default -> BY_ALIAS.getOrDefault(alias, OTHER);
        };
    }

    /// Whether the text is a termination state of one of both lengths.
    ///
    /// See [session state at disconnection](https://docs.haproxy.org/3.0/configuration.html#8.5).
    static boolean isState(Slice text) {
        boolean phases = "-LcCsSPRIDKU".indexOf(text.byteAt(0)) >= 0 && "-RCHDLQT".indexOf(text.byteAt(1)) >= 0;
        return phases
                && (text.length() == 2 || (text.length() == 4 && areCookieStates(text.byteAt(2), text.byteAt(3))));
    }

    /// Whether the bytes are the state of the client's cookie and of the server's.
    static boolean areCookieStates(byte client, byte server) {
        return "-NIDVEOU".indexOf(client) >= 0 && "-NIUPRD".indexOf(server) >= 0;
    }
}
