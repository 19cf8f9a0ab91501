package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a mutation puts into a line: the words of the formats, and all texts that the grammars look for.
///
/// See [libFuzzer's dictionaries](https://llvm.org/docs/LibFuzzer.html#dictionaries).
final class Dictionary {
    private static final int LONGEST = 64;

    private Dictionary() {}

    static String text() {
        try (InputStream words = Dictionary.class.getResourceAsStream("words.dict")) {
            List<String> lines = new ArrayList<>(List.of(new String(words.readAllBytes(), UTF_8)));
            constants().forEach(constant -> lines.add(quoted(constant)));
            return String.join("\n", lines) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> constants() throws IOException {
        Set<String> constants = new TreeSet<>();
        for (String folder : List.of("grammar", "signal")) {
            try (Stream<Path> classes = Files.walk(classes().resolve(folder))) {
                for (Path file :
                        classes.filter(p -> p.toString().endsWith(".class")).toList()) {
                    for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                        if (entry instanceof StringEntry text && isWord(text.stringValue())) {
                            constants.add(text.stringValue());
                        }
                    }
                }
            }
        }
        return constants;
    }

    private static Path classes() {
        try {
            return Path.of(dev.gatewatch.analyzer.signal.SignalReader.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("dev/gatewatch/analyzer");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
