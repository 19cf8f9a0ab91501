package dev.gatewatch.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it could not be written, which a [PrintStream] forgets: what a
/// command prints into a full disk is lost, and the command must not end as if it were not.
public final class Output extends PrintStream {
    private static final int BUFFER = 1 << 13;

    private final Remembering to;

    /// What is written goes to a stream, each line at once.
    public Output(OutputStream to) {
        this(new Remembering(to), UTF_8);
    }

    private Output(Remembering to, Charset charset) {
        super(new BufferedOutputStream(to, BUFFER), true, charset);
        this.to = to;
    }

    /// The standard output of this process.
    public static Output standard() {
        return new Output(new Remembering(new FileOutputStream(FileDescriptor.out)), System.out.charset());
    }

    /// Where bytes can be written past this stream's buffer, and what goes wrong is thrown at once.
    public OutputStream direct() {
        flush();
        return to;
    }

    /// Why something could not be written, the first time; flushes. Nobody reading any more, as after
    /// `| head`, is no such reason.
    public Optional<IOException> failure() {
        flush();
        return Optional.ofNullable(to.problem).filter(problem -> !isUnread(problem));
    }

    /// Whether whoever read this has gone.
    public boolean isUnread() {
        return to.problem != null && isUnread(to.problem);
    }

    /// The system says `EPIPE` in its own language, in which there is the word in brackets.
    private static boolean isUnread(IOException problem) {
        return String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    private static final class Remembering extends OutputStream {
        private final OutputStream to;
        private volatile @Nullable IOException problem;

        Remembering(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                to.write(bytes, from, count);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                to.flush();
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                to.close();
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        private IOException remembered(IOException e) {
            if (problem == null) {
                problem = e;
            }
            return e;
        }
    }
}
