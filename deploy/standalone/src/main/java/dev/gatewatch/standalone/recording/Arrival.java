package dev.gatewatch.standalone.recording;

import java.time.Duration;
import java.util.SplittableRandom;

/// How what happens on hosts comes to the analyzer.
public sealed interface Arrival {

    /// How often an agent looks at a stream: what was written since the last look goes into one batch.
    ///
    /// @param stream id of the stream
    Duration look(String stream);

    /// How long what an agent ships is on its way.
    ///
    /// @param stream id of the stream, or name of the host whose facts they are
    Duration way(String stream);

    /// As agents ship it when nothing is in their way.
    record Prompt() implements Arrival {
        private static final Duration LOOK = Duration.ofMillis(20);

        @Override
        public Duration look(String stream) {
            return LOOK;
        }

        @Override
        public Duration way(String stream) {
            return Duration.ZERO;
        }
    }

    /// Each stream is cut into other batches and comes late by up to five seconds, which differ from stream to
    /// stream and are chosen by chance.
    record Shuffled(long seed) implements Arrival {
        private static final int LONGEST_LOOK_MILLIS = 1_000;
        private static final int LONGEST_WAY_MILLIS = 5_000;

        @Override
        public Duration look(String stream) {
            return Duration.ofMillis(random(stream).nextInt(LONGEST_LOOK_MILLIS));
        }

        @Override
        public Duration way(String stream) {
            SplittableRandom random = random(stream);
            random.nextInt(LONGEST_LOOK_MILLIS);
            return Duration.ofMillis(random.nextInt(LONGEST_WAY_MILLIS));
        }

        private SplittableRandom random(String stream) {
            return new SplittableRandom(seed * 31 + stream.hashCode());
        }
    }
}
