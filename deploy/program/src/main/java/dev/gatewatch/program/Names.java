package dev.gatewatch.program;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Names of keys: `bootstrap_servers` for the component `bootstrapServers`, `password_file` for the secret
/// `password`.
final class Names {
    private Names() {}

    static String key(RecordComponent component) {
        String name = snake(component.getName());
        return component.getType() == Secret.class ? name + "_file" : name;
    }

    static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /// The known name that a mistyped one was probably meant to be.
    static Optional<String> nearest(String name, Collection<String> known) {
        int tolerance = Math.max(2, name.length() / 3);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= tolerance || candidate.equals(name + "_file"))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /// How many letters differ (Levenshtein).
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
