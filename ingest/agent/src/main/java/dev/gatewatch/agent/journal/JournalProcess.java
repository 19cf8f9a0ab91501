package dev.gatewatch.agent.journal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/// A running `journalctl` whose output is read without ever waiting for it.
final class JournalProcess {
    private final Process process;
    private final InputStream output;

    private JournalProcess(Process process) {
        this.process = process;
        this.output = process.getInputStream();
    }

    /// @throws IOException if there is no such program
    static JournalProcess start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("SYSTEMD_COLORS", "0");
        Process process = builder.start();
        process.getOutputStream().close();
        return new JournalProcess(process);
    }

    /// Reads what is there, at most until `buffer` is full.
    ///
    /// @return how many bytes, 0 if there are none now, -1 if the process has ended and all is read
    int read(byte[] buffer, int from) throws IOException {
        int length = Math.min(output.available(), buffer.length - from);
        if (length > 0) {
            return output.read(buffer, from, length);
        }
        if (from == buffer.length || process.isAlive()) {
            return 0;
        }
        return output.read(buffer, from, buffer.length - from);
    }

    /// The exit status of a process that has ended.
    int exitStatus() {
        return process.isAlive() ? 0 : process.exitValue();
    }

    void stop() {
        process.destroyForcibly();
        try {
            output.close();
        } catch (IOException e) {
            // nothing more is wanted from it
        }
    }
}
