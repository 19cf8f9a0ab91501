package dev.gatewatch.alerts.page;

/// What a request is answered with.
///
/// @param type media type
record Response(int status, String type, String body) {
    static Response html(int status, String document) {
        return new Response(status, "text/html; charset=utf-8", document);
    }

    static Response json(int status, String body) {
        return new Response(status, "application/json", body);
    }
}
