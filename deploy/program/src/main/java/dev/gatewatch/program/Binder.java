package dev.gatewatch.program;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a YAML tree into records and collects everything that is wrong on the way: a record with a problem
/// is not made, its siblings still are. This is the only place that looks at records by reflection, since
/// their components are the documentation of the file.
final class Binder {
    private final List<Yaml.Problem> problems;

    Binder(List<Yaml.Problem> problems) {
        this.problems = problems;
    }

    /// The value as the type; null if it is null or there was a problem.
    @Nullable
    Object bind(Type type, Yaml yaml, String path) {
        if (type instanceof ParameterizedType generic) {
            return collection(generic, yaml, path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord() && Scalars.of(plain) == null) {
            return record(plain, yaml, path);
        }
        return scalar(plain, yaml, path);
    }

    private @Nullable Object scalar(Class<?> type, Yaml yaml, String path) {
        Scalars.Type scalar = Scalars.of(type);
        if (scalar == null) {
            throw new IllegalStateException(
                    path + " has type " + type.getName() + ", which no YAML scalar is read into");
        }
        if (!(yaml instanceof Yaml.Scalar(Yaml.Mark mark, @Nullable String text)) || text == null) {
            return expected(yaml, path, scalar.expected());
        }
        try {
            return scalar.read().read(text);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            boolean complete = message != null && message.endsWith(")") && message.contains("(expected: ");
            return problem(mark, path + ": " + (complete ? message : text + " (expected: " + scalar.expected() + ")"));
        }
    }

    private @Nullable Object collection(ParameterizedType type, Yaml yaml, String path) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        if (raw == Map.class) {
            return map(arguments[1], yaml, path);
        }
        List<Object> elements = list(arguments[0], yaml, path);
        return elements == null
                ? null
                : raw == Set.class ? Collections.unmodifiableSet(new LinkedHashSet<>(elements)) : elements;
    }

    private @Nullable List<Object> list(Type type, Yaml yaml, String path) {
        if (yaml instanceof Yaml.Scalar scalar && scalar.missing()) {
            return List.of();
        }
        if (!(yaml instanceof Yaml.Sequence sequence)) {
            expected(yaml, path, "a list");
            return null;
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < sequence.elements().size(); i++) {
            Object value = bind(type, sequence.elements().get(i), path + "[" + i + "]");
            if (value != null) {
                elements.add(value);
            }
        }
        return elements.size() < sequence.elements().size() ? null : List.copyOf(elements);
    }

    private @Nullable Map<String, Object> map(Type type, Yaml yaml, String path) {
        Map<String, Yaml.Entry> entries = entries(yaml, path);
        if (entries == null) {
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, Yaml.Entry> entry : entries.entrySet()) {
            Object value = bind(type, entry.getValue().value(), join(path, entry.getKey()));
            if (value != null) {
                map.put(entry.getKey(), value);
            }
        }
        return Collections.unmodifiableMap(map);
    }

    private @Nullable Object record(Class<?> type, Yaml yaml, String path) {
        Map<String, Yaml.Entry> entries = entries(yaml, path);
        if (entries == null) {
            return null;
        }
        int before = problems.size();
        RecordComponent[] components = type.getRecordComponents();
        rejectUnknown(components, entries, path);
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], entries.get(Names.key(components[i])), yaml, path);
        }
        return problems.size() > before
                ? null
                : construct(type, components, values, new Place(yaml.mark(), entries, path));
    }

    private void rejectUnknown(RecordComponent[] components, Map<String, Yaml.Entry> entries, String path) {
        List<String> known = Arrays.stream(components).map(Names::key).toList();
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                String hint = Names.nearest(key, known).orElseGet(() -> "one of " + String.join(", ", known));
                problem(entry.key(), join(path, key) + ": unknown key (expected: " + hint + ")");
            }
        });
    }

    private @Nullable Object component(RecordComponent component, Yaml.@Nullable Entry entry, Yaml owner, String path) {
        String key = join(path, Names.key(component));
        Yaml value = entry == null ? new Yaml.Scalar(owner.mark(), null) : entry.value();
        boolean missing = value instanceof Yaml.Scalar scalar && scalar.missing();
        Default given = component.getAnnotation(Default.class);
        if (missing && given != null) {
            return bind(component.getGenericType(), defaultOf(given, key), key);
        }
        if (missing && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return null;
        }
        return bind(component.getGenericType(), value, key);
    }

    private static Yaml defaultOf(Default given, String key) {
        List<Yaml.Problem> broken = new ArrayList<>();
        Yaml yaml = Yaml.read(given.value(), broken);
        if (!broken.isEmpty()) {
            throw new IllegalStateException("the default of " + key + " is not YAML: " + given.value());
        }
        return yaml == null ? new Yaml.Scalar(Yaml.Mark.NONE, "") : yaml;
    }

    /// Where a record stands in the file.
    private record Place(Yaml.Mark mark, Map<String, Yaml.Entry> entries, String path) {}

    private @Nullable Object construct(
            Class<?> type, RecordComponent[] components, @Nullable Object[] values, Place place) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            return rejected(e.getCause(), place);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " has no usable canonical constructor", e);
        }
    }

    /// A compact constructor's complaint, which begins with the key that it is about, or is about the record
    /// as a whole.
    private @Nullable Object rejected(@Nullable Throwable complaint, Place place) {
        String message = complaint == null || complaint.getMessage() == null ? "refused" : complaint.getMessage();
        int colon = message.indexOf(": ");
        String key = colon < 0 ? "" : Names.snake(message.substring(0, colon));
        Yaml.Entry entry = place.entries().get(key);
        if (entry != null) {
            return problem(entry.value().mark(), join(place.path(), key + message.substring(colon)));
        }
        boolean named = key.matches("[a-z][a-z0-9_.\\[\\]]*");
        return problem(within(place, key), named ? join(place.path(), message) : prefixed(place.path(), message));
    }

    /// Where `properties.acks` stands, a key in a map of the record; else where the record does.
    private static Yaml.Mark within(Place place, String key) {
        String[] names = key.split("\\.", 2);
        Yaml.Entry map = place.entries().get(names[0]);
        if (names.length == 2 && map != null && map.value() instanceof Yaml.Mapping inside) {
            Yaml.Entry entry = inside.entries().get(names[1]);
            return (entry == null ? inside : entry.value()).mark();
        }
        return place.mark();
    }

    private @Nullable Map<String, Yaml.Entry> entries(Yaml yaml, String path) {
        if (yaml instanceof Yaml.Mapping mapping) {
            return mapping.entries();
        }
        if (yaml instanceof Yaml.Scalar scalar && scalar.missing()) {
            return Map.of();
        }
        expected(yaml, path, "keys and values");
        return null;
    }

    private @Nullable Object expected(Yaml yaml, String path, String expectation) {
        String found = switch (yaml) {
            case Yaml.Mapping _ -> "keys and values";
            case Yaml.Sequence _ -> "a list";
            case Yaml.Scalar scalar -> scalar.text() == null ? "missing" : scalar.text();
        };
        return problem(yaml.mark(), prefixed(path, found + " (expected: " + expectation + ")"));
    }

    private @Nullable Object problem(Yaml.Mark mark, String sentence) {
        problems.add(new Yaml.Problem(mark, sentence));
        return null;
    }

    private static String prefixed(String path, String text) {
        return path.isEmpty() ? text : path + ": " + text;
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
