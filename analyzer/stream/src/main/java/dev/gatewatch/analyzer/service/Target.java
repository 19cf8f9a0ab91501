package dev.gatewatch.analyzer.service;

/// What a line of a proxy is about, as far as it can be named.
///
/// @param service key of the service: upstreams that share servers have the same one
/// @param upstream the upstream's name as the operator finds it in the configuration, else the address or the
///     proxy
/// @param address the server as `ip:port` or `unix:/path`, empty if none was chosen
/// @param server HAProxy's name of the server, empty if there is none
/// @param configured whether the address stands in the configuration that is known of the proxy
public record Target(String service, String upstream, String address, String server, boolean configured) {}
