package dev.gatewatch.analyzer.grammar;

/// A line that Traefik wrote.
public sealed interface TraefikLine {

    /// A request. Texts that the line does not give are empty.
    ///
    /// @param ended when it ended
    /// @param startedNotEnded whether the stamp is when it began
    /// @param status -1 if none was sent
    /// @param originStatus what came of the service, 0 if the request never got there, -1 if the line does
    ///     not tell
    /// @param originBytes size of what came of the service, -1 if the line does not tell
    /// @param client address of who asked
    /// @param router name of the router
    /// @param service name of the service
    /// @param server `host:port`
    /// @param error what failed at the server
    /// @param path path of the request without its query
    record Access(
            Stamp ended,
            boolean startedNotEnded,
            int status,
            int originStatus,
            long originBytes,
            long totalMillis,
            int retries,
            Slice client,
            Slice router,
            Slice service,
            Slice server,
            Slice error,
            Slice path)
            implements TraefikLine {}

    /// A message of Traefik's own log.
    ///
    /// @param error what failed at a server, empty if the message is about something else
    record Message(Stamp when, Slice error) implements TraefikLine {}
}
