package dev.gatewatch.agent.facts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Reads an NGINX configuration into a tree of directives, with what it includes in place. Never fails: what
/// cannot be read is skipped and counted.
final class NginxDirectives {
    /// Blocks inside blocks; NGINX itself has few levels.
    private static final int MAX_DEPTH = 32;
    /// Files that include files; NGINX has no limit, a loop would have no end.
    private static final int MAX_INCLUDE_DEPTH = 8;
    /// Files altogether.
    private static final int MAX_INCLUDES = 2_000;
    /// Directives altogether, several times what large sites have.
    private static final int MAX_DIRECTIVES = 500_000;

    private final IncludeResolver includes;
    private int included;
    private int directives;
    private int skipped;

    NginxDirectives(IncludeResolver includes) {
        this.includes = includes;
    }

    /// How many things were not understood.
    int skipped() {
        return skipped;
    }

    List<NginxDirective> read(String text) {
        return read(text, 0);
    }

    private List<NginxDirective> read(String text, int includeDepth) {
        List<NginxDirective> top = new ArrayList<>();
        Deque<List<NginxDirective>> open = new ArrayDeque<>();
        open.push(top);
        NginxTokens tokens = new NginxTokens(text);
        List<String> words = new ArrayList<>();
        for (NginxTokens.Kind kind = tokens.next(); kind != NginxTokens.Kind.END; kind = tokens.next()) {
            switch (kind) {
                case WORD -> words.add(tokens.word());
                case SEMICOLON -> {
                    simple(words, open.element(), includeDepth);
                    words.clear();
                }
                case OPEN -> {
                    block(words, open, tokens);
                    words.clear();
                }
                case CLOSE -> {
                    close(open, words);
                    words.clear();
                }
                case END -> throw new IllegalStateException("the loop ends at END");
            }
        }
        if (!words.isEmpty() || open.size() > 1) {
            skipped++;
        }
        return top;
    }

    private void simple(List<String> words, List<NginxDirective> into, int includeDepth) {
        if (words.isEmpty() || directives >= MAX_DIRECTIVES) {
            skipped++;
        } else if (words.getFirst().equals("include") && words.size() == 2) {
            include(words.get(1), into, includeDepth);
        } else {
            directives++;
            into.add(new NginxDirective(words.getFirst(), List.copyOf(words.subList(1, words.size())), null));
        }
    }

    private void include(String pattern, List<NginxDirective> into, int depth) {
        if (depth >= MAX_INCLUDE_DEPTH) {
            skipped++;
            return;
        }
        for (String text : includes.textsOf(pattern)) {
            if (++included > MAX_INCLUDES) {
                skipped++;
                return;
            }
            into.addAll(read(text, depth + 1));
        }
    }

    private void block(List<String> words, Deque<List<NginxDirective>> open, NginxTokens tokens) {
        boolean foreignLanguage = !words.isEmpty() && words.getFirst().endsWith("_by_lua_block");
        if (words.isEmpty() || open.size() > MAX_DEPTH || foreignLanguage || directives >= MAX_DIRECTIVES) {
            tokens.skipBlock();
            skipped += foreignLanguage ? 0 : 1;
            return;
        }
        directives++;
        List<NginxDirective> inside = new ArrayList<>();
        open.element().add(new NginxDirective(words.getFirst(), List.copyOf(words.subList(1, words.size())), inside));
        open.push(inside);
    }

    private void close(Deque<List<NginxDirective>> open, List<String> words) {
        if (open.size() > 1) {
            open.pop();
        } else {
            skipped++;
        }
        if (!words.isEmpty()) {
            skipped++;
        }
    }
}
