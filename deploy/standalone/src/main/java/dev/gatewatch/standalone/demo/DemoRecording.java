package dev.gatewatch.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The recording that the demonstration plays: an application is killed for memory three times behind NGINX,
/// on two hosts.
final class DemoRecording {
    private static final String NAME = "nginx-oom-kill";
    private static final List<String> FILES = List.of(
            "edge1/meta.json",
            "edge1/inventory.jsonl",
            "edge1/conf/nginx.conf",
            "edge1/nginx/access.log",
            "edge1/nginx/error.log",
            "app1/meta.json",
            "app1/inventory.jsonl",
            "app1/journal.json",
            "app1/kmsg.log");

    private DemoRecording() {}

    /// Copies the recording out of the jar; its folder.
    static Path unpack(Path folder) throws IOException {
        for (String file : FILES) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream in = DemoRecording.class.getResourceAsStream("recordings/" + NAME + "/" + file)) {
                if (in == null) {
                    throw new IOException(file + " of recording " + NAME + " is not in the jar of the demonstration");
                }
                Files.copy(in, target);
            }
        }
        return folder;
    }
}
