package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.cause.Scene;
import java.util.Set;

/// What the proxies' lines say about connecting, in a sentence.
///
/// @param answer the sentence, with a place for the server
/// @param connects whether connections are made
/// @param hostAnswered whether anything came back from the server's host
record Connecting(String answer, boolean connects, boolean hostAnswered) {

    static Connecting of(Scene scene) {
        if (scene.tries().isRefused()) {
            return new Connecting("no: %s refuses connections", false, true);
        }
        if (scene.tries().isSilent()) {
            return new Connecting("no: connecting to %s times out", false, false);
        }
        if (scene.tries().isSlow()) {
            return new Connecting("yes, but %s does not answer in time", true, true);
        }
        if (scene.tries().isCutOff()) {
            return new Connecting("yes, but %s closes the connection without an answer", true, true);
        }
        return scene.tries().count(Set.of("no_server", "no_live_upstreams")) > 0
                ? new Connecting("not tried: the proxy has no server in service for %s", false, true)
                : new Connecting("the proxy and %s do not understand each other", false, true);
    }
}
