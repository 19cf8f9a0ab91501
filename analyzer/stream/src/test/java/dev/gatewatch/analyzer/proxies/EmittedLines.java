package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One line of each kind that real proxies wrote, with what came of reading it; a file for each output:
///
/// ```
/// connect_refused server=127.0.0.1:39281 errno=111 path=/refused tls=no <TAB> 2026/11/22 20:31:07 [error] …
/// ```
/// The integration tests write them anew into the folder that `-Dgatewatch.emitted=FOLDER` names.
final class EmittedLines {
    private EmittedLines() {}

    static void write(String proxy, Outputs outputs, String... names) throws IOException {
        String folder = System.getProperty("gatewatch.emitted", "");
        if (folder.isEmpty()) {
            return;
        }
        for (String name : names) {
            Path file = Files.createDirectories(Path.of(folder)).resolve(proxy + "-" + name + ".tsv");
            Files.write(file, ofEachKind(outputs.of(name)), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> ofEachKind(List<Emitted> lines) {
        Map<String, String> kinds = new LinkedHashMap<>();
        for (Emitted line : lines) {
            String words = String.join(" ", line.words());
            kinds.putIfAbsent(Template.of(line), neutral(words + '\t' + line.line()));
        }
        return List.copyOf(kinds.values());
    }

    /// Says nothing of the machine that it was written on.
    private static String neutral(String text) {
        return text.replaceAll("/[^ :\"]*/junit-[0-9]+/", "/srv/site/").replaceFirst(" OS: Linux .*", " OS: Linux");
    }
}
