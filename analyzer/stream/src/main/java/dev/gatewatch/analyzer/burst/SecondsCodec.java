package dev.gatewatch.analyzer.burst;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import dev.gatewatch.analyzer.service.Askers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A service's seconds as bytes, since they are by far the most of its state: about three bytes for a second of a proxy
/// that served all, where JSON takes a hundred.
///
/// A version byte; the proxies' names; then each second as the difference to the one before, its proxies by number, and
/// their counts. The lowest bit beside a proxy's number tells whether anything but requests was counted. Numbers are
/// written seven bits a byte, lowest first, the highest bit set in all but the last byte.
final class SecondsCodec {
    private static final byte VERSION = 1;
    private static final int LONGEST_NUMBER = 63;

    private SecondsCodec() {}

    static byte[] encode(Seconds seconds) {
        Map<String, Integer> proxies = new LinkedHashMap<>();
        seconds.all()
                .forEach(
                        second -> second.proxies().forEach(proxy -> proxies.putIfAbsent(proxy.name(), proxies.size())));
        Out out = new Out();
        out.number(VERSION);
        out.number(proxies.size());
        proxies.keySet().forEach(out::text);
        out.number(seconds.all().size());
        long before = 0;
        for (Seconds.Second second : seconds.all()) {
            out.signed(second.number() - before);
            before = second.number();
            out.number(second.proxies().size());
            second.proxies().forEach(p -> counts(out, proxies.getOrDefault(p.name(), 0), p.counts()));
        }
        return out.toBytes();
    }

    private static void counts(Out out, int proxy, Counts counts) {
        boolean more = counts.masked() > 0
                || !counts.failed().isEmpty()
                || !counts.passed().isEmpty()
                || !counts.tries().isEmpty()
                || !counts.askers().hashes().isEmpty()
                || !counts.triers().hashes().isEmpty();
        out.number(proxy * 2L + (more ? 1 : 0));
        out.number(counts.requests());
        if (more) {
            byStatus(out, counts.failed());
            byStatus(out, counts.passed());
            out.number(counts.masked());
            byStatus(out, counts.tries());
            askers(out, counts.askers());
            askers(out, counts.triers());
        }
    }

    private static void askers(Out out, Askers askers) {
        out.number(askers.hashes().size());
        askers.hashes().forEach(out::signed);
    }

    private static void byStatus(Out out, SortedMap<Integer, Long> counts) {
        out.number(counts.size());
        counts.forEach((status, count) -> {
            out.signed(status);
            out.number(count);
        });
    }

    /// @throws IOException if the bytes are no such seconds
    static Seconds decode(byte[] bytes) throws IOException {
        In in = new In(bytes);
        if (in.number() != VERSION) {
            throw new IOException("seconds begin with " + bytes[0] + " (expected: version " + VERSION + ")");
        }
        String[] proxies = new String[in.size()];
        for (int i = 0; i < proxies.length; i++) {
            proxies[i] = in.text();
        }
        List<Seconds.Second> seconds = new ArrayList<>();
        long number = 0;
        for (int left = in.size(); left > 0; left--) {
            long before = number;
            number += in.signed();
            if (!seconds.isEmpty() && number <= before) {
                throw new IOException("seconds go back from " + before + " to " + number);
            }
            seconds.add(new Seconds.Second(number, byProxy(in, proxies)));
        }
        return new Seconds(seconds);
    }

    private static List<Seconds.Proxy> byProxy(In in, String[] names) throws IOException {
        List<Seconds.Proxy> proxies = new ArrayList<>();
        for (int left = in.size(); left > 0; left--) {
            long proxy = in.number();
            if (proxy < 0 || proxy / 2 >= names.length) {
                throw new IOException("seconds name proxy " + proxy / 2 + " of " + names.length);
            }
            String name = names[(int) (proxy / 2)];
            if (!proxies.isEmpty() && proxies.getLast().name().compareTo(name) >= 0) {
                throw new IOException(
                        "seconds have " + name + " behind " + proxies.getLast().name());
            }
            proxies.add(new Seconds.Proxy(name, counts(in, proxy % 2 == 1)));
        }
        return proxies;
    }

    private static Counts counts(In in, boolean more) throws IOException {
        long requests = in.number();
        return more
                ? new Counts(requests, byStatus(in), byStatus(in), in.number(), byStatus(in), askers(in), askers(in))
                : Counts.ofRequests(requests);
    }

    private static Askers askers(In in) throws IOException {
        SortedSet<Integer> hashes = new TreeSet<>();
        for (int left = in.size(); left > 0; left--) {
            hashes.add((int) in.signed());
        }
        return new Askers(hashes);
    }

    private static SortedMap<Integer, Long> byStatus(In in) throws IOException {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int left = in.size(); left > 0; left--) {
            counts.put((int) in.signed(), in.number());
        }
        return counts;
    }

    private static final class Out {
        private byte[] bytes = new byte[512];
        private int length;

        void number(long number) {
            if (length + 10 > bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            long rest = number;
            for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
                bytes[length++] = (byte) (rest | 0x80);
            }
            bytes[length++] = (byte) rest;
        }

        /// Small numbers of either sign take few bytes.
        void signed(long number) {
            number((number << 1) ^ (number >> 63));
        }

        void text(String text) {
            byte[] encoded = text.getBytes(UTF_8);
            number(encoded.length);
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, length + encoded.length));
            System.arraycopy(encoded, 0, bytes, length, encoded.length);
            length += encoded.length;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private static final class In {
        private final byte[] bytes;
        private int at;

        In(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() throws IOException {
            long number = 0;
            for (int shift = 0; shift <= LONGEST_NUMBER; shift += 7) {
                if (at >= bytes.length) {
                    throw new IOException("seconds end too early, after " + at + " bytes");
                }
                byte next = bytes[at++];
                number |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
            throw new IOException("seconds have no number at byte " + at);
        }

        long signed() throws IOException {
            long number = number();
            return (number >>> 1) ^ -(number & 1);
        }

        /// Of what follows: never more than there are bytes.
        int size() throws IOException {
            long size = number();
            if (size < 0 || size > bytes.length - at) {
                throw new IOException("seconds have " + (bytes.length - at) + " bytes left (expected: " + size + ")");
            }
            return (int) size;
        }

        String text() throws IOException {
            int size = size();
            at += size;
            return new String(bytes, at - size, size, UTF_8);
        }
    }

    /// Writes them into JSON.
    static final class Writer extends JsonSerializer<Seconds> {
        @Override
        public void serialize(Seconds seconds, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeBinary(encode(seconds));
        }
    }

    /// Reads them from JSON.
    static final class Reader extends JsonDeserializer<Seconds> {
        @Override
        public Seconds deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return json.hasToken(JsonToken.START_OBJECT) // as it was written before there were bytes
                    ? ofMap(json.readValueAs(new TypeReference<SortedMap<Long, SortedMap<String, Counts>>>() {}))
                    : decode(json.getBinaryValue());
        }

        private static Seconds ofMap(SortedMap<Long, SortedMap<String, Counts>> map) {
            Seconds.Edit seconds = new Seconds.Edit(Seconds.NONE);
            map.forEach((number, byProxy) ->
                    byProxy.forEach((proxy, counts) -> seconds.change(number, proxy, none -> counts)));
            return seconds.seconds();
        }
    }
}
