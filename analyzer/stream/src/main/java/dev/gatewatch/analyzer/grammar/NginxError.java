package dev.gatewatch.analyzer.grammar;

/// A line of NGINX's error log, in the order of its parts. What the line does not give is empty.
///
/// @param when [Stamp#NONE] if the line's head is missing
/// @param level `error`, `crit`, …
/// @param message with `(errno: text)` if it has one, without ` while ACTION`
/// @param errno number in the message's last parentheses, -1 if there is none
/// @param errnoText what the C library says about it
/// @param action what stands after `while`
/// @param request the request line
/// @param upstream `scheme://peer/uri`, only a peer for the stream module
public record NginxError(
        Stamp when,
        Slice level,
        Slice message,
        int errno,
        Slice errnoText,
        Slice action,
        Slice client,
        Slice server,
        Slice request,
        Slice upstream) {}
