package dev.gatewatch.analyzer.service;

import dev.gatewatch.analyzer.signal.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What proxies report of one service, as bytes: of a busy service there are many reports, with many tallies.
///
/// A version byte; the service; how many reports there are. Of each: host and kind; what tallies have in common
/// but for their second, each once; the tallies, each with the number of that; the sightings. Numbers and texts are
/// as `java.io.DataOutput` writes them.
///
/// Safe for several threads at once.
public final class ReportCodec {
    private static final byte VERSION = 3;
    private static final int FEWEST_BYTES = 37; // of a tally

    /// Writes reports of one service, at least one.
    ///
    /// @throws IOException if one of their texts is longer than 65,535 bytes
    public byte[] encode(List<ServiceReport> reports) throws IOException {
        int tallies = reports.stream().mapToInt(r -> r.tallies().size()).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 * reports.size() + FEWEST_BYTES * tallies);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeUTF(reports.getFirst().service());
        out.writeInt(reports.size());
        for (ServiceReport report : reports) {
            write(report, out);
        }
        return bytes.toByteArray();
    }

    private static void write(ServiceReport report, DataOutputStream out) throws IOException {
        out.writeUTF(report.host());
        out.writeUTF(report.kind());
        write(report.tallies(), out);
        out.writeInt(report.sightings().size());
        for (Sighting sighting : report.sightings()) {
            SightingCodec.write(sighting, out);
        }
    }

    private static void write(List<Tally> tallies, DataOutputStream out) throws IOException {
        Map<Tally.Kind, Integer> kinds = new LinkedHashMap<>();
        int[] numbers = new int[tallies.size()];
        for (int i = 0; i < numbers.length; i++) {
            Integer known = kinds.putIfAbsent(tallies.get(i).kindAt(0), kinds.size());
            numbers[i] = known == null ? kinds.size() - 1 : known;
        }
        out.writeInt(kinds.size());
        for (Tally.Kind kind : kinds.keySet()) {
            out.writeUTF(kind.outcome().name());
            out.writeUTF(kind.upstream());
            out.writeUTF(kind.address());
            out.writeUTF(kind.server());
            out.writeBoolean(kind.configured());
            out.writeInt(kind.status());
        }
        out.writeInt(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            Tally tally = tallies.get(i);
            out.writeInt(numbers[i]);
            out.writeLong(tally.second());
            out.writeLong(tally.firstAt());
            out.writeLong(tally.lastAt());
            out.writeLong(tally.count());
            write(tally.askers(), out);
        }
    }

    static void write(Askers askers, DataOutputStream out) throws IOException {
        out.writeByte(askers.hashes().size());
        for (int hash : askers.hashes()) {
            out.writeInt(hash);
        }
    }

    /// Reads reports of one service.
    ///
    /// @throws IOException if the bytes are none
    public List<ServiceReport> decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("reports of version " + version + " (expected: version " + VERSION + ")");
        }
        String service = in.readUTF();
        List<ServiceReport> reports = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            reports.add(new ServiceReport(service, in.readUTF(), in.readUTF(), tallies(in), sightings(in)));
        }
        if (reports.isEmpty() || in.available() > 0) {
            throw new IOException(reports.size() + " reports, and " + in.available()
                    + " bytes behind them (expected: at least one, and nothing behind)");
        }
        return reports;
    }

    private static List<Tally> tallies(DataInputStream in) throws IOException {
        List<Tally.Kind> kinds = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            kinds.add(new Tally.Kind(
                    0, outcome(in), in.readUTF(), in.readUTF(), in.readUTF(), in.readBoolean(), in.readInt()));
        }
        List<Tally> tallies = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            int number = in.readInt();
            if (number < 0 || number >= kinds.size()) {
                throw new IOException("tallies name kind " + number + " of " + kinds.size());
            }
            tallies.add(tally(kinds.get(number), in));
        }
        return tallies;
    }

    static Signal.Outcome outcome(DataInputStream in) throws IOException {
        try {
            return Signal.Outcome.valueOf(in.readUTF());
        } catch (IllegalArgumentException e) {
            throw new IOException("a request has an unknown outcome", e);
        }
    }

    private static Tally tally(Tally.Kind kind, DataInputStream in) throws IOException {
        return new Tally(
                in.readLong(),
                kind.outcome(),
                kind.upstream(),
                kind.address(),
                kind.server(),
                kind.configured(),
                kind.status(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                askers(in));
    }

    static Askers askers(DataInputStream in) throws IOException {
        int left = in.readByte();
        if (left == 0) {
            return Askers.NONE;
        }
        SortedSet<Integer> hashes = new TreeSet<>();
        for (; left > 0; left--) {
            hashes.add(in.readInt());
        }
        return new Askers(hashes);
    }

    private static List<Sighting> sightings(DataInputStream in) throws IOException {
        List<Sighting> sightings = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            sightings.add(SightingCodec.read(in));
        }
        return sightings;
    }
}
