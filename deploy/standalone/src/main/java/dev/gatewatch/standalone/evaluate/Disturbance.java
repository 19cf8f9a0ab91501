package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.recording.Recording.Log;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/// What is kept from the analyzer, to see whether it knows what it does not know.
sealed interface Cut {

    /// Which of a recording's logs are left.
    Predicate<Log> of(String recording, List<Log> logs);

    /// Nothing is.
    record Nothing() implements Cut {
        @Override
        public Predicate<Log> of(String recording, List<Log> logs) {
            return Recording.EVERYTHING;
        }
    }

    /// One log of one host is, chosen by chance.
    record OneLog(long seed) implements Cut {
        @Override
        public Predicate<Log> of(String recording, List<Log> logs) {
            if (logs.isEmpty()) {
                return Recording.EVERYTHING;
            }
            Log missing = logs.get(new Random(seed ^ recording.hashCode()).nextInt(logs.size()));
            return log -> !log.equals(missing);
        }
    }

    /// All is but NGINX's access logs, and the sockets and configurations of the hosts: nothing is left that
    /// says why requests failed.
    record Evidence() implements Cut {
        @Override
        public Predicate<Log> of(String recording, List<Log> logs) {
            return log -> log.source() == SourceKind.NGINX_ACCESS;
        }
    }
}
