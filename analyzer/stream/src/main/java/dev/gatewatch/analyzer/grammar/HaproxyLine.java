package dev.gatewatch.analyzer.grammar;

/// A line that HAProxy wrote.
public sealed interface HaproxyLine {

    /// A finished request (`httplog`) or connection (`tcplog`). Times are milliseconds, -1 where the phase
    /// was not reached.
    ///
    /// @param begun when the request's first byte or the connection came, [Stamp#NONE] if the line does not
    ///     tell
    /// @param logged when a syslog daemon says that the line was written
    /// @param client address of who asked, empty if the line does not tell
    /// @param frontend without the mark for TLS
    /// @param server `<NOSRV>` if none was chosen, empty if the line does not tell
    /// @param requestMillis time to receive the request, -1 for a connection, 0 if a `log-format` leaves it
    ///     out
    /// @param totalMillis from `begun` to the end
    /// @param status -1 if none was sent, and for a connection
    /// @param termination two or four characters, empty if the line does not tell
    /// @param retries further tries
    /// @param redispatched whether another server was tried before
    /// @param path path of the request without its query
    /// @param unparsable whether the request was `<BADREQ>`
    record Traffic(
            Stamp begun,
            Stamp logged,
            Slice client,
            Slice frontend,
            Slice backend,
            Slice server,
            int requestMillis,
            int queueMillis,
            int connectMillis,
            int responseMillis,
            int totalMillis,
            int status,
            Slice termination,
            int retries,
            boolean redispatched,
            Slice path,
            boolean unparsable)
            implements HaproxyLine {}

    /// A server changed its state.
    ///
    /// @param change what stands behind the server's name, such as `is DOWN`
    /// @param reason empty if the line has none
    record ServerChange(Stamp when, Slice backend, Slice server, Slice change, Slice reason, Slice info)
            implements HaproxyLine {}

    /// A health check failed or succeeded.
    record HealthCheck(Stamp when, Slice backend, Slice server, boolean failed, Slice reason, Slice info)
            implements HaproxyLine {}

    /// No server of a backend is left.
    record Exhausted(Stamp when, Slice backend) implements HaproxyLine {}

    /// A client or a scanner did not get as far as a request.
    record ClientError(Stamp when, Slice message) implements HaproxyLine {}

    /// Anything else that the process says.
    record Notice(Stamp when, Slice message) implements HaproxyLine {}
}
