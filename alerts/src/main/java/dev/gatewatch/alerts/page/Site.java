package dev.gatewatch.alerts.page;

import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.Health;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which address gets which answer; all but the live updates, which [Watchers] serves.
final class Site {
    private static final String API = "/api/v1/incidents";
    private static final Map<String, String> ASSETS = Map.of(
            "page.css", "text/css; charset=utf-8",
            "page.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final String cluster;
    private final Board board;
    private final Supplier<Health> health;
    private final InstantSource clock;
    private final Api api = new Api();
    private final Map<String, Response> assets = assets();

    Site(String cluster, Board board, Supplier<Health> health, InstantSource clock) {
        this.cluster = cluster;
        this.board = board;
        this.health = health;
        this.clock = clock;
    }

    /// Answers a request to read.
    ///
    /// @param query as it stands in the address, null if there is none
    /// @param json whether the caller asks for JSON
    Response answer(String path, @Nullable String query, boolean json) {
        boolean machine = json || path.startsWith("/api/");
        try {
            return machine ? machine(path, query) : human(path, query);
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()), machine);
        }
    }

    /// An error in the form that the caller reads.
    Response error(int status, String sentence, boolean machine) {
        if (machine) {
            return api.error(status, sentence);
        }
        Html content = Html.all(List.of(
                new Element(Tag.H1).cls("quiet").text(Words.cut(sentence, 300)),
                new Element(Tag.P).add(new Element(Tag.A).set(Attr.HREF, "/").text("All incidents"))));
        return page(status, "Gatewatch", board.view(), content);
    }

    private Response machine(String path, @Nullable String query) {
        View view = board.view();
        if (path.equals(API) || path.equals("/")) {
            return api.list(view, Filter.parse(query));
        }
        return incident(path, path.startsWith("/i/") ? "/i/" : API + "/", view)
                .map(api::one)
                .orElseGet(() -> api.error(404, "nothing here (expected: " + API + " or " + API + "/ID)"));
    }

    private Response human(String path, @Nullable String query) {
        View view = board.view();
        Instant now = clock.instant();
        if (path.equals("/")) {
            ListPage list = new ListPage(view, Filter.parse(query), now);
            return page(200, list.title(), view, list.content());
        }
        Response asset = path.startsWith("/assets/") ? assets.get(path.substring("/assets/".length())) : null;
        if (asset != null) {
            return asset;
        }
        return incident(path, "/i/", view)
                .map(incident -> new IncidentPage(incident, now))
                .map(page -> page(200, page.title(), view, page.content()))
                .orElseGet(() -> error(
                        404, path.startsWith("/i/") ? "No such incident, or it is too old" : "No such page", false));
    }

    private static Optional<Incident> incident(String path, String prefix, View view) {
        return path.startsWith(prefix) ? view.find(path.substring(prefix.length())) : Optional.empty();
    }

    private Response page(int status, String title, View view, Html content) {
        return Response.html(status, Layout.document(title, cluster, view, health.get(), content));
    }

    private static Map<String, Response> assets() {
        Map<String, Response> assets = new HashMap<>();
        ASSETS.forEach((name, type) -> assets.put(name, new Response(200, type, resource(name))));
        return Map.copyOf(assets);
    }

    private static String resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar of the page");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
