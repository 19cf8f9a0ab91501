package dev.gatewatch.agent.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The numbers in front of a record of `/dev/kmsg`: `4,613,2036808536,-;python3 invoked oom-killer: …`.
/// Format: the kernel's `Documentation/ABI/testing/dev-kmsg`; further fields before the semicolon may come
/// and are ignored.
///
/// @param sequence number of the record since boot
/// @param micros microseconds of the kernel's clock
record KmsgRecord(long sequence, long micros) {
    /// Digits before the semicolon never need more.
    private static final int MAX_PREFIX = 256;

    /// The numbers of a record, empty if the bytes do not begin like one.
    static Optional<KmsgRecord> parse(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && end < MAX_PREFIX && bytes[end] != ';') {
            end++;
        }
        if (end == bytes.length || bytes[end] != ';') {
            return Optional.empty();
        }
        String[] fields = new String(bytes, 0, end, US_ASCII).split(",", -1);
        Long sequence = fields.length < 3 ? null : number(fields[1]);
        Long micros = fields.length < 3 ? null : number(fields[2]);
        return sequence == null || micros == null ? Optional.empty() : Optional.of(new KmsgRecord(sequence, micros));
    }

    private static @Nullable Long number(String digits) {
        try {
            long value = Long.parseLong(digits);
            return value < 0 ? null : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
