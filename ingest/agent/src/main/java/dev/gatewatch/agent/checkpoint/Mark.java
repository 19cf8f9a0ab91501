package dev.gatewatch.agent.checkpoint;

import java.time.Instant;

/// How far a stream has been acknowledged.
///
/// @param stream id of the stream
/// @param position everything before it is acknowledged, in the units of the stream's source
/// @param bookmark what the source needs to go on there: a file's identity, a journal's cursor
/// @param at when the mark was set, or last seen to be still true
public record Mark(String stream, long position, String bookmark, Instant at) {}
