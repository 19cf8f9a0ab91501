package dev.gatewatch.analyzer.service;

import dev.gatewatch.analyzer.signal.Signal;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// Sightings within the bytes of a report: a byte for the kind of signal, its components, and those of the sighting, in
/// their order.
final class SightingCodec {
    private static final int REQUEST = 1;
    private static final int TROUBLE = 2;
    private static final int SERVER_STATE = 3;

    private SightingCodec() {}

    /// @throws IOException if a text is longer than 65,535 bytes, or no proxy's line about a service says such a thing
    static void write(Sighting sighting, DataOutputStream out) throws IOException {
        write(sighting.signal(), out);
        write(sighting.target(), out);
        out.writeUTF(sighting.source());
        out.writeUTF(sighting.line());
        out.writeLong(sighting.lastAt());
        out.writeLong(sighting.count());
        ReportCodec.write(sighting.askers(), out);
    }

    private static void write(Signal signal, DataOutputStream out) throws IOException {
        switch (signal) {
            case Signal.Request r -> {
                out.writeByte(REQUEST);
                out.writeUTF(r.id());
                out.writeUTF(r.proxy());
                out.writeLong(r.at());
                out.writeUTF(r.outcome().name());
                out.writeUTF(r.upstream());
                out.writeUTF(r.server());
                out.writeInt(r.status());
                out.writeUTF(r.path());
                out.writeUTF(r.client());
                out.writeLong(r.totalMillis());
                out.writeLong(r.connectMillis());
                out.writeInt(r.retries());
                out.writeUTF(r.termination());
            }
            case Signal.Trouble t -> {
                out.writeByte(TROUBLE);
                out.writeUTF(t.id());
                out.writeUTF(t.proxy());
                out.writeLong(t.at());
                out.writeUTF(t.upstream());
                out.writeUTF(t.server());
                out.writeUTF(t.name());
                out.writeInt(t.errno());
                out.writeUTF(t.path());
                out.writeUTF(t.client());
                out.writeBoolean(t.tls());
            }
            case Signal.ServerState s -> {
                out.writeByte(SERVER_STATE);
                out.writeUTF(s.id());
                out.writeLong(s.at());
                out.writeUTF(s.upstream());
                out.writeUTF(s.server());
                out.writeUTF(s.reason());
                out.writeUTF(s.info());
            }
            case Signal.ProxyEvent e -> throw aboutNoService(e);
            case Signal.UnitEvent e -> throw aboutNoService(e);
            case Signal.AppEvent e -> throw aboutNoService(e);
            case Signal.KernelEvent e -> throw aboutNoService(e);
            case Signal.Packet e -> throw aboutNoService(e);
        }
    }

    private static IOException aboutNoService(Signal signal) {
        return new IOException(
                signal.id() + " is about no service (expected: a request, a try at a server or its state)");
    }

    private static void write(Target target, DataOutputStream out) throws IOException {
        out.writeUTF(target.service());
        out.writeUTF(target.upstream());
        out.writeUTF(target.address());
        out.writeUTF(target.server());
        out.writeBoolean(target.configured());
    }

    /// @throws IOException if the bytes are no sighting
    static Sighting read(DataInputStream in) throws IOException {
        return new Sighting(
                signal(in),
                target(in),
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                ReportCodec.askers(in));
    }

    private static Signal signal(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case REQUEST ->
                new Signal.Request(
                        in.readUTF(),
                        in.readUTF(),
                        in.readLong(),
                        ReportCodec.outcome(in),
                        in.readUTF(),
                        in.readUTF(),
                        in.readInt(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        in.readUTF());
            case TROUBLE ->
                new Signal.Trouble(
                        in.readUTF(),
                        in.readUTF(),
                        in.readLong(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readInt(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readBoolean());
            case SERVER_STATE ->
                new Signal.ServerState(
                        in.readUTF(), in.readLong(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
            default -> throw new IOException("a signal of kind " + kind + " (expected: 1, 2 or 3)");
        };
    }

    private static Target target(DataInputStream in) throws IOException {
        return new Target(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readBoolean());
    }
}
