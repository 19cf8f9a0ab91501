package dev.gatewatch.analyzer.story;

import dev.gatewatch.wire.SourceKind;
import java.time.Instant;

/// Requests through an AWS Application Load Balancer to one target, as its access log tells of them. The log
/// comes by way of edge3.
///
/// @param target `ip:port`
record Alb(Story story, String target) {
    static final String COLLECTOR = "edge3.lab";

    Story served(int requests) {
        return requests(requests, target, "0.001 0.003 0.000", "200 200", 4);
    }

    /// Answers of the target itself.
    Story answered(int requests, int status) {
        return requests(requests, target, "0.001 0.003 0.000", status + " " + status, 4);
    }

    /// The target refuses or resets the connection, or its TLS handshake fails.
    Story noConnection(int requests) {
        return requests(requests, target, "0.001 -1 -1", "502 -", 2);
    }

    /// The target closes the connection after the request was sent.
    Story closedEarly(int requests) {
        return requests(requests, target, "0.001 0.120 -1", "502 -", 121);
    }

    /// No connection within ten seconds.
    Story connectTimeout(int requests) {
        return requests(requests, target, "-1 -1 -1", "504 -", 10_001);
    }

    /// No answer within the idle timeout.
    Story answerTimeout(int requests) {
        return requests(requests, target, "-1 -1 -1", "504 -", 60_002);
    }

    /// No target is registered.
    Story noTarget(int requests) {
        return requests(requests, "-", "-1 -1 -1", "503 -", 1);
    }

    Story givenUpByTheClient(int requests) {
        return requests(requests, target, "0.001 -1 -1", "460 -", 5_000);
    }

    private Story requests(int requests, String to, String times, String statuses, long tookMillis) {
        Instant now = story.now();
        for (int i = 0; i < requests; i++) {
            story.line(
                    COLLECTOR,
                    SourceKind.ALB,
                    ("http %s app/shop/50dc6c495c0c9188 10.85.0.100:37217 %s %s %s 49 1010"
                                    + " \"GET http://shop.lab:80/api/orders/%d HTTP/1.1\" \"curl/7.88.1\" - -"
                                    + " arn:aws:elasticloadbalancing:eu-central-1:1234:targetgroup/orders/73e2d6bc24d8a067"
                                    + " \"Root=1-63\" \"-\" \"-\" 0 %s \"forward\" \"-\" \"-\" \"%s\" \"-\" \"-\" \"-\"")
                            .formatted(
                                    now,
                                    to,
                                    times,
                                    statuses,
                                    now.getEpochSecond() * 100 + i,
                                    now.minusMillis(tookMillis),
                                    to));
        }
        return story;
    }
}
