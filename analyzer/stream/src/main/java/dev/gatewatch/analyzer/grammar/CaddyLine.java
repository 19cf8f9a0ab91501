package dev.gatewatch.analyzer.grammar;

/// A line that Caddy wrote.
///
/// @param kind what the line is about
/// @param when [Stamp#NONE] if the line tells it otherwise, or not
/// @param millis milliseconds since 1970, -1 if the line tells the time otherwise, or not
/// @param status -1 if none was sent or the line is not about a request
/// @param totalMillis how long the request took
/// @param answered whether the answer has a body, or headers of a server
/// @param message what failed
/// @param path path of the request without its query
public record CaddyLine(
        Kind kind, Stamp when, long millis, int status, long totalMillis, boolean answered, Slice message, Slice path) {

    /// What a line is about.
    public enum Kind {
        /// A finished request.
        ACCESS,
        /// What went wrong with a request.
        ERROR,
        /// An answer that broke off in its middle.
        BROKEN_OFF,
        /// Anything else.
        OTHER
    }
}
