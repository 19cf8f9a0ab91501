package dev.gatewatch.analyzer.grammar;

/// A request through an AWS Application Load Balancer.
///
/// @param ended when the answer ended
/// @param created when the balancer got the request, [Stamp#NONE] if the line does not tell
/// @param client address of who asked
/// @param group name of the target group, empty if there was none
/// @param target `ip:port`, empty if the request reached none
/// @param requestMillis until the request was handed to the target, -1 if it never was
/// @param targetMillis until the target's answer began, -1 if the target could not be reached or did not
///     answer in time
/// @param responseMillis until the answer was passed on, -1 if none came
/// @param status -1 if the client got none
/// @param targetStatus -1 if the target sent none
/// @param action what the balancer's rules did (`forward`, `fixed-response`, `redirect`, `waf`, …), empty
///     if not told
/// @param path path of the request without its query
public record AlbLine(
        Stamp ended,
        Stamp created,
        Slice client,
        Slice group,
        Slice target,
        long requestMillis,
        long targetMillis,
        long responseMillis,
        int status,
        int targetStatus,
        Slice action,
        Slice path) {}
