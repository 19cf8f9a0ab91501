package dev.gatewatch.analyzer.grammar;

/// A line of NGINX's access log. What the format does not tell is empty or -1.
///
/// @param when end of the request
/// @param millis end of the request in milliseconds since 1970, if the format has `$msec`
/// @param path path of the request without its query
/// @param client address of who asked
/// @param totalMillis `$request_time`
/// @param tellsUpstream whether the format has fields about the upstream
/// @param upstreamName what ingress-nginx calls the upstream, empty if the line does not tell
/// @param addresses `$upstream_addr`, the addresses that were tried
/// @param statuses `$upstream_status`, a status for each try
/// @param connectTimes `$upstream_connect_time`, for each try
/// @param headerTimes `$upstream_header_time`, for each try
/// @param responseLengths `$upstream_response_length`, for each try
public record NginxAccess(
        Stamp when,
        long millis,
        int status,
        Slice path,
        Slice client,
        long totalMillis,
        boolean tellsUpstream,
        Slice upstreamName,
        TryList addresses,
        TryList statuses,
        TryList connectTimes,
        TryList headerTimes,
        TryList responseLengths) {}
