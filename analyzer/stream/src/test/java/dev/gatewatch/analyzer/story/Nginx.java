package dev.gatewatch.analyzer.story;

import dev.gatewatch.wire.SourceKind;

/// Requests through NGINX on edge1 to one server, as its logs tell of them.
///
/// @param address `ip:port` or `unix:/path`
/// @param path path of the requests
record Nginx(Story story, String address, String path) {
    private static final String EDGE = "edge1.lab";

    Story served(int requests) {
        return access(requests, 200, "0.008", "0.001", "0.008", address, "200");
    }

    /// Answers of the server itself, whatever the status.
    Story answered(int requests, int status) {
        return access(requests, status, "0.008", "0.001", "0.008", address, String.valueOf(status));
    }

    Story givenUpByTheClient(int requests) {
        return access(requests, 499, "1.250", "0.001", "-", address, "-");
    }

    /// A first server failed and a second one served.
    Story masked(int requests, String second) {
        for (int i = 0; i < requests; i++) {
            error("connect() failed (111: Connection refused) while connecting to upstream");
        }
        return access(requests, 200, "0.010", "-, 0.001", "-, 0.008", address + ", " + second, "502, 200");
    }

    Story refused(int requests) {
        return failed(requests, 502, "connect() failed (111: Connection refused) while connecting to upstream");
    }

    Story reset(int requests) {
        return failed(
                requests,
                502,
                "recv() failed (104: Connection reset by peer) while reading response header from upstream");
    }

    Story closedEarly(int requests) {
        return failed(
                requests, 502, "upstream prematurely closed connection while reading response header from upstream");
    }

    Story connectTimeout(int requests) {
        return failed(requests, 504, "upstream timed out (110: Connection timed out) while connecting to upstream");
    }

    Story readTimeout(int requests) {
        return failed(
                requests,
                504,
                "upstream timed out (110: Connection timed out) while reading response header from upstream");
    }

    /// Requests that failed with this text in the error log and this status in the access log.
    Story failed(int requests, int status, String message) {
        for (int i = 0; i < requests; i++) {
            error(message);
        }
        boolean connected = message.contains("reading response");
        String took = status == 504 ? "3.000" : "0.000";
        return access(requests, status, took, connected ? "0.001" : "-", "-", address, String.valueOf(status));
    }

    Story noLiveUpstreams(int requests, String upstream) {
        for (int i = 0; i < requests; i++) {
            story.line(
                    EDGE,
                    SourceKind.NGINX_ERROR,
                    LogLines.error(
                            story.clock(EDGE),
                            "error",
                            "no live upstreams while connecting to upstream",
                            path,
                            "http://" + upstream));
        }
        return access(requests, 502, "0.000", "-", "-", upstream, "502");
    }

    /// A line of the error log alone.
    Story error(String message) {
        boolean tls = message.contains("SSL") || address.endsWith(":8443");
        String upstream = (tls ? "https://" : "http://") + address + (address.startsWith("unix:") ? ":" : "");
        return story.line(
                EDGE, SourceKind.NGINX_ERROR, LogLines.error(story.clock(EDGE), "error", message, path, upstream));
    }

    private Story access(
            int requests, int status, String took, String connect, String header, String addresses, String statuses) {
        for (int i = 0; i < requests; i++) {
            story.line(
                    EDGE,
                    SourceKind.NGINX_ACCESS,
                    LogLines.access(story.clock(EDGE), path, status, took, connect, header, addresses, statuses));
        }
        return story;
    }
}
