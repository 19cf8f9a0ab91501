package dev.gatewatch.analyzer.story;

import dev.gatewatch.wire.SourceKind;

/// Requests through HAProxy on edge2 to one server, as its log tells of them.
///
/// @param server `backend/server`
record Haproxy(Story story, String server) {
    private static final String EDGE = "edge2.lab";

    Story served(int requests) {
        return requests(requests, server, 200, "0/0/0/8", 8, "----");
    }

    /// Answers of the server itself, whatever the status.
    Story answered(int requests, int status) {
        return requests(requests, server, status, "0/0/0/8", 8, "----");
    }

    /// No connection after three further tries, a second apart.
    Story noConnection(int requests) {
        return requests(requests, server, 503, "0/0/-1/-1", 3_003, "SC--");
    }

    Story closedEarly(int requests) {
        return requests(requests, server, 502, "0/0/0/-1", 3, "SH--");
    }

    Story connectTimeout(int requests) {
        return requests(requests, server, 503, "0/0/-1/-1", 9_003, "sC--");
    }

    Story answerTimeout(int requests) {
        return requests(requests, server, 504, "0/0/0/-1", 3_001, "sH--");
    }

    Story queueTimeout(int requests) {
        return requests(requests, backend() + "/<NOSRV>", 503, "0/5000/-1/-1", 5_000, "sQ--");
    }

    Story noServer(int requests) {
        return requests(requests, backend() + "/<NOSRV>", 503, "0/-1/-1/-1", 0, "SC--");
    }

    /// No rule names a backend, so that not even the time of the request is told.
    Story noBackend(int requests) {
        return requests(requests, backend() + "/<NOSRV>", 503, "-1/-1/-1/-1", 0, "SC--");
    }

    /// `Server be/app is DOWN, …`, three times as Debian's packages file it.
    Story down(String reason) {
        String text = "Server " + server + " is DOWN, reason: " + reason
                + ", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining"
                + " in queue.";
        return message("[WARNING]  (271) : " + text)
                .haproxy(server)
                .message(text)
                .haproxy(server)
                .message(text);
    }

    Story maintenance() {
        return message(
                "Server " + server + " is going DOWN for maintenance. 0 active and 0 backup servers left. 0 sessions"
                        + " active, 0 requeued, 0 remaining in queue.");
    }

    Story nameIsLost() {
        return message(
                "Server " + server + " is going DOWN for maintenance (DNS NX status). 0 active and 0 backup servers"
                        + " left. 0 sessions active, 0 requeued, 0 remaining in queue.");
    }

    /// A line of HAProxy that is about no request.
    Story message(String text) {
        return story.line(EDGE, SourceKind.HAPROXY, LogLines.haproxyMessage(story.now(), text));
    }

    private String backend() {
        return server.substring(0, server.indexOf('/'));
    }

    private Story requests(int requests, String to, int status, String timers, long millis, String termination) {
        for (int i = 0; i < requests; i++) {
            story.line(
                    EDGE,
                    SourceKind.HAPROXY,
                    LogLines.haproxy(story.now(), to, "/api/catalog/item/1", status, timers, millis, termination));
        }
        return story;
    }
}
