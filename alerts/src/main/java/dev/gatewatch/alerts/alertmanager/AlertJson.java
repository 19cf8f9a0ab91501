package dev.gatewatch.alerts.alertmanager;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// Alerts as the body of `POST /api/v2/alerts`.
final class AlertJson {
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonMapper mapper = new JsonMapper();

    byte[] encode(List<Alert> alerts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = mapper.createGenerator(bytes)) {
            out.writeStartArray();
            for (Alert alert : alerts) {
                write(alert, out);
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Alert alert, JsonGenerator out) throws IOException {
        out.writeStartObject();
        write("labels", alert.labels(), out);
        write("annotations", alert.annotations(), out);
        write("startsAt", alert.startsAt(), out);
        write("endsAt", alert.endsAt(), out);
        out.writeStringField("generatorURL", alert.generatorUrl());
        out.writeEndObject();
    }

    private static void write(String name, Map<String, String> texts, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }

    private static void write(String name, Instant time, JsonGenerator out) throws IOException {
        out.writeStringField(name, RFC_3339.format(time));
    }
}
