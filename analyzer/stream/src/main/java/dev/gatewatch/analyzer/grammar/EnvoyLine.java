package dev.gatewatch.analyzer.grammar;

/// A request or a connection through Envoy. Texts that the line does not give are empty.
///
/// @param started when it began
/// @param status -1 if none was sent, and for a connection
/// @param flags response flags (`UF,URX`), empty if nothing was amiss
/// @param details response code details (`upstream_reset_before_response_started{connection_failure}`)
/// @param failure why the transport failed (`delayed_connect_error:_111`)
/// @param totalMillis from `started` to the end
/// @param answered whether the upstream's answer took a time that is told
/// @param upstream `ip:port` or a path
/// @param cluster name of the upstream cluster
/// @param path path of the request without its query
/// @param attempts how often it was tried, 1 if the line does not tell
public record EnvoyLine(
        Stamp started,
        int status,
        Slice flags,
        Slice details,
        Slice failure,
        long totalMillis,
        boolean answered,
        Slice upstream,
        Slice cluster,
        Slice path,
        int attempts) {}
