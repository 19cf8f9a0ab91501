package dev.gatewatch.analyzer.grammar;

/// A record of the kernel's log.
///
/// @param when the stamp of a syslog daemon, [Stamp#NONE] if there is none
/// @param uptimeMicros microseconds since the kernel's zero, -1 if not told
/// @param byKernel whether the kernel wrote it, not a process by way of `/dev/kmsg`
/// @param continuation whether the line only continues a record
public record KernelLine(Stamp when, long uptimeMicros, boolean byKernel, boolean continuation, Slice text) {}
