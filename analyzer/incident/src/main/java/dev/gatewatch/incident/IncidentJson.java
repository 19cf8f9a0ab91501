package dev.gatewatch.incident;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/// [Incident]s as JSON, one object without line breaks, as `incident.schema.json` beside this class describes
/// it.
public final class IncidentJson {
    private final JsonMapper mapper = JsonMapper.builder()
            .addModule(new SimpleModule("gatewatch-incident")
                    .addSerializer(Instant.class, new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// The incident as UTF-8 JSON.
    public byte[] encode(Incident incident) {
        try {
            return mapper.writeValueAsBytes(incident);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("incident " + incident.id() + " cannot be written as JSON", e);
        }
    }

    /// The incident that the JSON holds. Members that this version does not know are skipped.
    ///
    /// @throws IOException if it is not such JSON
    public Incident decode(byte[] json) throws IOException {
        Incident incident = mapper.readValue(json, Incident.class); // null for the JSON `null`
        if (incident == null) {
            throw new IOException("null (expected: an incident as a JSON object)");
        }
        return incident;
    }

    /// The JSON Schema (2020-12) that every incident satisfies. The caller closes the stream.
    public static InputStream schema() {
        InputStream schema = IncidentJson.class.getResourceAsStream("incident.schema.json");
        if (schema == null) {
            throw new IllegalStateException("incident.schema.json is not in the jar of this class");
        }
        return schema;
    }

    /// ISO 8601, UTC, always with three decimals.
    private static final class InstantWriter extends StdScalarSerializer<Instant> {
        private static final long serialVersionUID = 1L;
        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(FORMAT.format(value));
        }
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(in.getText());
            } catch (DateTimeParseException e) {
                return (Instant) context.handleWeirdStringValue(
                        Instant.class, in.getText(), "expected a time like 2026-11-22T14:02:27.000Z");
            }
        }
    }
}
