package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.service.ServiceReport;
import java.util.List;

/// What reading a batch found; the record's key says of which service, host or stream.
sealed interface Found {

    /// What proxies say about a service.
    record AboutService(List<ServiceReport> reports) implements Found {}

    /// Something about a host.
    record AboutHost(HostEvent event) implements Found {}

    /// A line that no grammar reads; the record's headers say where it stands and why.
    @SuppressWarnings("ArrayRecordComponent") // goes to the dead letters as it is
    record Unread(byte[] line) implements Found {}
}
