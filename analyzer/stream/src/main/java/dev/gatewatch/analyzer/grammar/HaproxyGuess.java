package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a line of HAProxy whose `log-format` is not known by what such lines have in common. A word or a
/// member that could be two things, or of which there are two, is not guessed at.
///
/// ```
/// 10.0.0.9:4000 [22/Nov/2026:13:55:15.981] fe req-17 be/s1 0/0/-1/-1/700 503 217 tls=- SC-- 2/2/1/1/0 0/0
/// "GET / HTTP/1.1"
/// {"frontend":"fe","backend":"be","server":"s1","status":503,"termination_state":"SC--","Ta":700,"Tc":-1}
/// ```
final class HaproxyGuess {
    private static final int MOST_WORDS = 64;

    private final Map<HaproxyVariable, Slice> found = new EnumMap<>(HaproxyVariable.class);
    private boolean contradictory;

    private HaproxyGuess() {}

    /// The request of a line, null if it cannot be told.
    static @Nullable Traffic read(Slice line, Stamp logged) {
        HaproxyGuess guess = new HaproxyGuess();
        boolean object = line.startsWith("{");
        if (object) {
            guess.object(line);
        } else {
            guess.words(words(line));
        }
        return guess.contradictory || !guess.tellsEnough() ? null : new HaproxyValues(guess.found).traffic(logged);
    }

    private boolean tellsEnough() {
        boolean state = found.containsKey(HaproxyVariable.STATE);
        return state
                && found.containsKey(HaproxyVariable.STATUS)
                && found.containsKey(HaproxyVariable.BACKEND)
                && found.containsKey(HaproxyVariable.SERVER);
    }

    private void object(Slice line) {
        Cursor members = line.cursor();
        JsonMembers.read(members, (object, key, value) -> {
            HaproxyVariable variable = object.isEmpty() ? ofKey(key) : HaproxyVariable.OTHER;
            if (variable.isUsed() && fits(variable, value)) {
                put(variable, value);
            }
        });
        contradictory |= members.malformed();
    }

    private static boolean fits(HaproxyVariable variable, Slice value) {
        return switch (variable.shape()) {
            case STATE -> HaproxyVariable.isState(value);
            case NUMBER, RETRIES -> value.byteAt(0) == '-' || value.byteAt(0) == '+' || value.digitsAt(0) > 0;
            case DATE -> value.byteAt(2) == '/' && value.byteAt(6) == '/';
            case NAME, TEXT -> !value.isEmpty();
        };
    }

    /// The variable that such a key usually names.
    private static HaproxyVariable ofKey(Slice key) {
        return switch (key.sub(0, 40).text()) {
            case "status", "status_code", "http_status", "http_status_code", "response_status", "st", "ST" ->
                HaproxyVariable.STATUS;
            case "termination_state", "term_state", "termination", "term", "session_state", "ts", "tsc" ->
                HaproxyVariable.STATE;
            case "frontend", "frontend_name", "fe", "ft", "f" -> HaproxyVariable.FRONTEND;
            case "backend", "backend_name", "be", "b" -> HaproxyVariable.BACKEND;
            case "server", "server_name", "srv", "s" -> HaproxyVariable.SERVER;
            case "Tc", "time_connect", "time_backend_connect", "connect_time" -> HaproxyVariable.CONNECT_TIME;
            case "Tr", "time_response", "time_backend_response", "response_time" -> HaproxyVariable.RESPONSE_TIME;
            case "Ta", "time_active", "time_duration", "active_time" -> HaproxyVariable.ACTIVE_TIME;
            case "Tt", "time_total", "total_time" -> HaproxyVariable.TOTAL_TIME;
            case "rc", "retries" -> HaproxyVariable.RETRIES;
            case "request", "http_request", "r" -> HaproxyVariable.REQUEST;
            case "path", "uri", "url", "http_uri", "HP", "HU" -> HaproxyVariable.PATH;
            default -> HaproxyVariable.OTHER;
        };
    }

    private void put(HaproxyVariable variable, Slice value) {
        Slice known = found.put(variable, value);
        contradictory |= known != null && !known.sameBytes(value);
    }

    /// Words of `option httplog` or `option tcplog` in their order, with others in between.
    private void words(List<Slice> words) {
        int dated = only(words, word -> word.startsWith("[") && word.digitsAt(1) == 2 && word.byteAt(3) == '/');
        int ended = only(words, word -> word.byteAt(0) != '"' && HaproxyVariable.isState(word) && !word.is("--"));
        if (ended < 0) {
            ended = only(words, word -> word.is("--"));
        }
        int timed = only(words.subList(0, Math.max(0, ended)), word -> times(word) == 5 || times(word) == 3);
        if (dated < 0 || timed < dated) {
            return;
        }
        int named = before(words, timed);
        int requested = only(words, word -> word.startsWith("\"") && word.contains(" HTTP/"));
        if (named <= dated) {
            return;
        }
        boolean http = times(words.get(timed)) == 5;
        put(
                http ? HaproxyVariable.BEGUN : HaproxyVariable.ACCEPTED,
                words.get(dated).between("[", "]"));
        put(HaproxyVariable.FRONTEND, words.get(dated + 1));
        put(HaproxyVariable.BACKEND, words.get(named).before("/"));
        put(HaproxyVariable.SERVER, words.get(named).after(words.get(named).indexOf('/', 0) + 1));
        timers(words.get(timed), http);
        Slice status = http && timed + 1 < ended ? words.get(timed + 1) : Slice.of("-");
        if (status.is("-") || status.is("-1") || (status.length() == 3 && status.digitsAt(0) == 3)) {
            put(HaproxyVariable.STATUS, status);
        }
        if ((words.get(ended).length() == 4) == http) {
            put(HaproxyVariable.STATE, words.get(ended));
        }
        if (requested > ended) {
            put(HaproxyVariable.REQUEST, words.get(requested).after(1));
        }
        if (ended + 1 < words.size()) {
            Slice counts = words.get(ended + 1);
            put(HaproxyVariable.RETRIES, counts.after(counts.lastIndexOf("/") + 1));
        }
    }

    private void timers(Slice times, boolean http) {
        List<Slice> parts = new ArrayList<>();
        for (Slice rest = times;
                parts.size() < 5;
                rest = rest.after(rest.before("/").length() + 1)) {
            parts.add(rest.before("/"));
        }
        put(HaproxyVariable.CONNECT_TIME, parts.get(http ? 2 : 1));
        put(http ? HaproxyVariable.ACTIVE_TIME : HaproxyVariable.TOTAL_TIME, parts.get(http ? 4 : 2));
        if (http) {
            put(HaproxyVariable.RESPONSE_TIME, parts.get(3));
        }
    }

    private interface Kind {
        boolean is(Slice word);
    }

    /// The index of the only word of a kind, -1 if there is none, or are several.
    private static int only(List<Slice> words, Kind kind) {
        int found = -1;
        for (int i = 0; i < words.size(); i++) {
            if (kind.is(words.get(i))) {
                if (found >= 0) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    /// The last word before the times that could be `backend/server`.
    private static int before(List<Slice> words, int timed) {
        int at = timed - 1;
        while (at > 0) {
            Slice word = words.get(at);
            int slash = word.indexOf('/', 0);
            boolean names = slash > 0 && slash < word.length() - 1 && word.indexOf('/', slash + 1) < 0;
            if (names && word.byteAt(0) != '"' && word.indexOf('=', 0) < 0) {
                return at;
            }
            at--;
        }
        return -1;
    }

    /// How many times the word gives, `TR/Tw/Tc/Tr/Ta` or `Tw/Tc/Tt`; 0 if it is something else.
    private static int times(Slice word) {
        int count = 0;
        int at = 0;
        while (at < word.length()) {
            at += word.byteAt(at) == '-' || word.byteAt(at) == '+' ? 1 : 0;
            int digits = word.digitsAt(at);
            at += digits;
            boolean ends = at == word.length();
            if (digits == 0 || digits > 9 || !(ends || word.byteAt(at) == '/')) {
                return 0;
            }
            count++;
            at++;
        }
        return word.byteAt(word.length() - 1) == '/' ? 0 : count;
    }

    /// The line's words; what stands in quotes, brackets or braces is one.
    private static List<Slice> words(Slice line) {
        List<Slice> words = new ArrayList<>();
        int at = 0;
        while (at < line.length() && words.size() < MOST_WORDS) {
            byte first = line.byteAt(at);
            char closing = first == '"' ? '"' : first == '{' ? '}' : first == '[' ? ']' : ' ';
            int end = line.indexOf(closing, at + 1);
            int next = end < 0 ? line.length() : closing == ' ' ? end : end + 1;
            if (first == ' ') {
                at++;
            } else {
                words.add(line.sub(at, next));
                at = next;
            }
        }
        return words;
    }
}
