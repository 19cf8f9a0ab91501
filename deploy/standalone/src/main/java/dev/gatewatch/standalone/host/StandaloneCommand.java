package dev.gatewatch.standalone.host;

import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// `standalone [--data DIR] [--config FILE]`: Gatewatch for the host that it runs on.
public final class StandaloneCommand {
    private static final String USAGE = """
            usage: gatewatch standalone [--data DIR] [--config FILE]
                   gatewatch standalone check --config FILE

            All of Gatewatch for this host in one process: follows /var/log/nginx/*.log, /var/log/haproxy.log, the journal and
            the kernel's ring, reads the proxies' configuration, finds why requests fail and shows it on a page. Listens on
            loopback only. Ends with Ctrl-C or SIGTERM; goes on where it was when it is started again.

              --data DIR      where everything is kept (/var/lib/gatewatch for root, else ~/.local/share/gatewatch)
              --config FILE   other places, ports, Alertmanagers: see deploy/config/standalone.yaml
              check           validate the file and print what is in force

            exit status: 0 fine, 1 failed at work, 2 wrong usage or configuration
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;

    public StandaloneCommand(PrintStream out, PrintStream err, InstantSource clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /// Does what the arguments say; the exit status.
    public int run(List<String> arguments) throws Exception {
        List<String> rest = new ArrayList<>(arguments);
        if (rest.contains("--help") || rest.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        boolean check = rest.remove("check");
        String data = value(rest, "--data");
        String file = value(rest, "--config");
        if (!rest.isEmpty()) {
            boolean valueless =
                    rest.getFirst().equals("--data") || rest.getFirst().equals("--config");
            return wrongUsage(
                    valueless ? rest.getFirst() + " needs a value" : "unexpected argument '" + rest.getFirst() + "'");
        }
        if (check && file == null) {
            return wrongUsage("check needs --config FILE");
        }
        try {
            StandaloneConfig config = file == null
                    ? ConfigFile.parse("{}", StandaloneConfig.class)
                    : ConfigFile.read(Path.of(file), StandaloneConfig.class);
            return check ? print(config) : serve(config, data);
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return 2;
        }
    }

    private int wrongUsage(String what) {
        err.println("gatewatch standalone: " + what);
        err.print(USAGE);
        return 2;
    }

    private int print(StandaloneConfig config) {
        out.print(ConfigFile.print(config));
        return 0;
    }

    private int serve(StandaloneConfig config, @Nullable String data) throws Exception {
        Path folder = data != null ? Path.of(data) : config.data() != null ? config.data() : usualFolder();
        AtomicBoolean signalled = new AtomicBoolean();
        StandaloneHost host = new StandaloneHost(config, folder.toAbsolutePath().normalize(), clock, out);
        Thread stop = new Thread(
                () -> {
                    signalled.set(true);
                    host.close();
                    Runtime.getRuntime().halt(0); // a signal is the orderly end, not a failure
                },
                "standalone-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            host.start();
            host.awaitStop();
        } catch (Exception e) {
            if (!signalled.get()) {
                Runtime.getRuntime().removeShutdownHook(stop);
                host.close();
                throw e;
            }
        }
        return 0;
    }

    private static Path usualFolder() {
        boolean root = System.getProperty("user.name", "").equals("root");
        return root
                ? Path.of("/var/lib/gatewatch")
                : Path.of(System.getProperty("user.home"), ".local/share/gatewatch");
    }

    /// Takes an option and its value out of the arguments.
    private static @Nullable String value(List<String> arguments, String option) {
        int at = arguments.indexOf(option);
        if (at < 0 || at + 1 >= arguments.size()) {
            return null;
        }
        arguments.remove(at);
        return arguments.remove(at);
    }
}
