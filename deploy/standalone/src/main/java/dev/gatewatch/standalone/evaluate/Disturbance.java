package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.standalone.recording.Arrival;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.recording.Recording.Log;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// What is done to a recording before the analyzer gets it, to see what that takes from its answers.
sealed interface Disturbance {

    /// The recording in a folder, disturbed.
    Recording read(Path folder) throws IOException;

    /// Nothing is done.
    record Nothing() implements Disturbance {
        @Override
        public Recording read(Path folder) throws IOException {
            return Recording.read(folder);
        }
    }

    /// One log of one host, chosen by chance, is kept from the analyzer, to see whether it knows what it does
    /// not know.
    record MissingLog(long seed) implements Disturbance {
        @Override
        public Recording read(Path folder) throws IOException {
            List<Log> logs = Recording.logs(folder);
            if (logs.isEmpty()) {
                return Recording.read(folder);
            }
            Random random = new Random(seed ^ folder.getFileName().toString().hashCode());
            Log missing = logs.get(random.nextInt(logs.size()));
            return Recording.read(folder, log -> !log.equals(missing));
        }
    }

    /// All is kept from it but NGINX's access logs, and the sockets and configurations of the hosts: nothing is
    /// left that says why requests failed.
    record NoEvidence() implements Disturbance {
        @Override
        public Recording read(Path folder) throws IOException {
            return Recording.read(folder, log -> log.source() == SourceKind.NGINX_ACCESS);
        }
    }

    /// The hosts' clocks are wrong.
    record Skew(long seed) implements Disturbance {
        @Override
        public Recording read(Path folder) throws IOException {
            return Recording.read(folder).withWrongClocks(seed);
        }
    }

    /// Lines come late and in another order.
    record Shuffle(long seed) implements Disturbance {
        @Override
        public Recording read(Path folder) throws IOException {
            return Recording.read(folder, new Arrival.Shuffled(seed));
        }
    }
}
