package dev.gatewatch.alerts.page;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// An element that is being put together: `new Element(Tag.P).cls("note").text(line)`. Attributes are escaped
/// like text, and an address may only be a path of this server, a place on the page, or http(s).
final class Element implements Html {
    private final Tag tag;
    private final Map<Attr, String> attributes = new EnumMap<>(Attr.class);
    private final List<Html> children = new ArrayList<>();

    Element(Tag tag) {
        this.tag = tag;
    }

    /// Sets an attribute.
    ///
    /// @throws IllegalArgumentException for an address that a browser should not follow
    Element set(Attr attr, String value) {
        if (attr.address() && !harmless(value)) {
            throw new IllegalArgumentException(
                    attr.markup() + ": " + value + " (expected: /PATH, #PLACE or an http address)");
        }
        attributes.put(attr, value);
        return this;
    }

    Element set(Attr attr, long value) {
        return set(attr, Long.toString(value));
    }

    Element cls(String names) {
        return set(Attr.CLASS, names);
    }

    Element add(Html... parts) {
        children.addAll(List.of(parts));
        return this;
    }

    Element add(List<? extends Html> parts) {
        children.addAll(parts);
        return this;
    }

    Element text(String text) {
        return add(Html.text(text));
    }

    @Override
    public void write(StringBuilder out) {
        out.append('<').append(tag.markup());
        attributes.forEach((attr, value) -> {
            out.append(' ').append(attr.markup()).append("=\"");
            Html.Text.escape(value, out);
            out.append('"');
        });
        out.append('>');
        if (!tag.empty()) {
            children.forEach(child -> child.write(out));
            out.append("</").append(tag.markup()).append('>');
        }
    }

    private static boolean harmless(String address) {
        boolean here = address.startsWith("#")
                || (address.startsWith("/") && !address.startsWith("//") && !address.startsWith("/\\"));
        return here || address.startsWith("https://") || address.startsWith("http://");
    }
}
