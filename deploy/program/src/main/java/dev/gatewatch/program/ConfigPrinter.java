package dev.gatewatch.program;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes configuration records as the YAML that would be read into them, with nothing secret in it.
final class ConfigPrinter {
    private static final String REDACTED = "<redacted>";
    private static final Pattern SECRET_KEY = Pattern.compile(
            "password|passwd|secret|token|credential|jaas|api[._-]?key|private", Pattern.CASE_INSENSITIVE);

    private final YAMLGenerator out;

    private ConfigPrinter(YAMLGenerator out) {
        this.out = out;
    }

    static String print(Object config) {
        StringWriter text = new StringWriter();
        YAMLFactory factory = YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .build();
        try (YAMLGenerator out = factory.createGenerator(text)) {
            new ConfigPrinter(out).value(config);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private void value(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Secret secret -> out.writeString(secret.file().toString());
            case Record scalar when Scalars.of(scalar.getClass()) != null -> out.writeString(scalar.toString());
            case Record record -> record(record);
            case Map<?, ?> map -> map(map);
            case Collection<?> list -> list(list);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Boolean truth -> out.writeBoolean(truth);
            case Enum<?> constant -> out.writeString(Scalars.lower(constant));
            case Duration duration -> out.writeString(Durations.print(duration));
            case URI uri -> out.writeString(withoutUser(uri));
            default -> out.writeString(value.toString());
        }
    }

    private void record(Record record) throws IOException {
        out.writeStartObject();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            out.writeFieldName(Names.key(component));
            value(read(record, component));
        }
        out.writeEndObject();
    }

    private void map(Map<?, ?> map) throws IOException {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            out.writeFieldName(key);
            value(SECRET_KEY.matcher(key).find() ? REDACTED : entry.getValue());
        }
        out.writeEndObject();
    }

    private void list(Collection<?> list) throws IOException {
        out.writeStartArray();
        for (Object element : list) {
            value(element);
        }
        out.writeEndArray();
    }

    private static String withoutUser(URI uri) {
        String user = uri.getRawUserInfo();
        return user == null ? uri.toString() : uri.toString().replace(user + "@", REDACTED + "@");
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
