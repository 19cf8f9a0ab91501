package dev.gatewatch.standalone.site;

/// Values as they stand in a YAML file, whatever characters they hold.
public final class YamlText {
    private YamlText() {}

    /// In double quotes.
    public static String quote(Object value) {
        return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
