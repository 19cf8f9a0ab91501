package dev.gatewatch.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// A Kafka record as a file: a line `name=value` for each header, an empty line, the value.
final class GoldenRecord {
    private GoldenRecord() {}

    static byte[] file(String name) {
        try (InputStream file = GoldenRecord.class.getResourceAsStream("/golden/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no golden file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LineBatch decoded(byte[] file) {
        Headers headers = new RecordHeaders();
        int from = 0;
        while (file[from] != '\n') {
            int end = indexOf(file, '\n', from);
            int equals = indexOf(file, '=', from);
            headers.add(new String(file, from, equals - from, UTF_8), Arrays.copyOfRange(file, equals + 1, end));
            from = end + 1;
        }
        return LineBatchCodec.read(headers, Arrays.copyOfRange(file, from + 1, file.length));
    }

    static byte[] encoded(LineBatch batch) {
        Headers headers = new RecordHeaders();
        LineBatchCodec.writeHeaders(batch, headers);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Header header : headers) {
            out.writeBytes((header.key() + "=").getBytes(UTF_8));
            out.writeBytes(header.value());
            out.write('\n');
        }
        out.write('\n');
        out.writeBytes(batch.lines());
        return out.toByteArray();
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        int at = from;
        while (bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
