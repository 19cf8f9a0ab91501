package dev.gatewatch.analyzer.grammar;

import java.util.ArrayList;
import java.util.List;

/// A value with one item for each try at a server: `, ` leads to the next try, ` : ` to the next group of
/// tries after an internal
/// redirect.
///
/// ```
/// 10.0.0.1:80, 10.0.0.2:80 : 10.0.0.9:80
/// ```
/// See [$upstream_addr](https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_addr).
///
/// @param items all tries, in order
/// @param groupEnds for each group the index after its last item
public record TryList(List<Slice> items, List<Integer> groupEnds) {
    /// No try at all.
    public static final TryList NONE = new TryList(List.of(), List.of());

    /// More tries than this are not looked at.
    private static final int MOST = 64;

    public static TryList of(Slice value) {
        if (value.isEmpty()) {
            return NONE;
        }
        if (value.indexOf(' ', 0) < 0) {
            return new TryList(List.of(value), List.of(1));
        }
        List<Slice> items = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < value.length() && items.size() < MOST; i++) {
            boolean next = value.hasAt(i, ", ");
            boolean redirect = value.hasAt(i, " : ");
            if (next || redirect) {
                items.add(value.sub(from, i));
                from = i + (next ? 2 : 3);
                i = from - 1;
            }
            if (redirect) {
                ends.add(items.size());
            }
        }
        items.add(value.after(from));
        ends.add(items.size());
        return new TryList(List.copyOf(items), List.copyOf(ends));
    }

    public int size() {
        return items.size();
    }

    /// The item, empty if there are not so many.
    public Slice item(int index) {
        return index < 0 || index >= items.size() ? Slice.EMPTY : items.get(index);
    }

    /// Whether the item is there and is not `-`.
    public boolean tells(int index) {
        Slice item = item(index);
        return !item.isEmpty() && !item.is("-");
    }

    /// Whether any item tells something.
    public boolean tellsAny() {
        for (int i = 0; i < items.size(); i++) {
            if (tells(i)) {
                return true;
            }
        }
        return false;
    }

    /// Takes such a value off a line in which nothing but its own grammar bounds it.
    static Slice take(Cursor line) {
        Slice ahead = line.remaining();
        int end = 0;
        boolean more = true;
        while (more) {
            while (end < ahead.length() && ahead.byteAt(end) != ' ' && ahead.byteAt(end) != ',') {
                end++;
            }
            more = ahead.hasAt(end, ", ") || ahead.hasAt(end, " : ");
            end += ahead.hasAt(end, ", ") ? 2 : more ? 3 : 0;
        }
        line.moveTo(line.column() + end);
        return ahead.sub(0, end);
    }
}
