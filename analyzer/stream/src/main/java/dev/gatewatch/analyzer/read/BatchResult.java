package dev.gatewatch.analyzer.read;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.service.ServiceReport;
import java.util.List;

/// What came of a batch. Every line of it is in exactly one of the counts.
///
/// @param reports what it says about services
/// @param events what it says about its host
/// @param saying lines that said something
/// @param ordinary lines that were understood and said nothing
/// @param repeated lines that had been read before
/// @param notUnderstood lines that no grammar reads
/// @param samples the first few of these
public record BatchResult(
        List<ServiceReport> reports,
        List<HostEvent> events,
        long saying,
        long ordinary,
        long repeated,
        long notUnderstood,
        List<Unread> samples) {

    /// A line that no grammar reads.
    ///
    /// @param position where it stands in its stream
    /// @param column byte of the line at which reading stopped
    @SuppressWarnings("ArrayRecordComponent") // goes to the dead letters as it is
    public record Unread(long position, int column, String expected, byte[] line) {}
}
