package dev.gatewatch.analyzer.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
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

/// Tallies as bytes, since they are by far the most of a report about a busy service.
///
/// A version byte; what tallies have in common but for their second, each once; then the tallies, each with the number
/// of that, as `java.io.DataOutput` writes numbers.
final class TalliesCodec {
    private static final byte VERSION = 1;
    private static final int FEWEST_BYTES = 37; // of a tally

    private TalliesCodec() {}

    static byte[] encode(List<Tally> tallies) throws IOException {
        Map<Tally.Kind, Integer> kinds = new LinkedHashMap<>();
        tallies.forEach(tally -> kinds.putIfAbsent(tally.kind().at(0), kinds.size()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + FEWEST_BYTES * tallies.size());
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeInt(kinds.size());
        for (Tally.Kind kind : kinds.keySet()) {
            out.writeUTF(kind.outcome().name());
            out.writeUTF(kind.upstream());
            out.writeUTF(kind.address());
            out.writeUTF(kind.server());
            out.writeBoolean(kind.configured());
            out.writeInt(kind.status());
        }
        out.writeInt(tallies.size());
        for (Tally tally : tallies) {
            out.writeInt(kinds.getOrDefault(tally.kind().at(0), 0));
            out.writeLong(tally.second());
            out.writeLong(tally.firstAt());
            out.writeLong(tally.lastAt());
            out.writeLong(tally.count());
            out.writeByte(tally.askers().hashes().size());
            for (int hash : tally.askers().hashes()) {
                out.writeInt(hash);
            }
        }
        return bytes.toByteArray();
    }

    static List<Tally> decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("tallies of version " + version + " (expected: version " + VERSION + ")");
        }
        List<Tally.Kind> kinds = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Signal.Outcome outcome = outcome(in.readUTF());
            kinds.add(new Tally.Kind(
                    0, outcome, in.readUTF(), in.readUTF(), in.readUTF(), in.readBoolean(), in.readInt()));
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

    private static Signal.Outcome outcome(String name) throws IOException {
        try {
            return Signal.Outcome.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("tallies have an unknown outcome", e);
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

    private static Askers askers(DataInputStream in) throws IOException {
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

    /// Writes them into JSON.
    static final class Writer extends JsonSerializer<List<Tally>> {
        @Override
        public void serialize(List<Tally> tallies, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeBinary(encode(tallies));
        }
    }

    /// Reads them from JSON.
    static final class Reader extends JsonDeserializer<List<Tally>> {
        @Override
        public List<Tally> deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return json.hasToken(JsonToken.START_ARRAY) // as it was written before there were bytes
                    ? json.readValueAs(new TypeReference<List<Tally>>() {})
                    : decode(json.getBinaryValue());
        }
    }
}
