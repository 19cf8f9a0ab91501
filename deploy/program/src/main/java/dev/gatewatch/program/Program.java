package dev.gatewatch.program;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A command: `run --config FILE`, `check --config FILE`, `--help`, `--version`, and what is added
/// [with][#with].
///
/// `main` is `System.exit(new Program<>("gatewatch-alerts", "…", AlertsConfig.class,
/// AlertsMain::create).run(args))`. The status is 0 when all went well, also after SIGTERM or SIGINT, 1 when
/// the work failed and 2 for a wrong command line or configuration.
///
/// @param <T> the record of the configuration
public final class Program<T> {
    /// Went well.
    public static final int OK = 0;
    /// Failed at work.
    public static final int FAILED = 1;
    /// Wrong command line or configuration.
    public static final int USAGE = 2;

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /// A further verb.
    @FunctionalInterface
    public interface Verb {
        /// Does it and returns the exit status.
        ///
        /// @param args what follows the verb
        int run(List<String> args) throws Exception;
    }

    private record NamedVerb(String usage, String help, Verb verb) {}

    private final String name;
    private final String summary;
    private final Class<T> configType;
    private final Service.Factory<T> factory;
    private final Output out;
    private final PrintStream err;
    private final Map<String, NamedVerb> verbs = new LinkedHashMap<>();

    /// A program with the usual verbs.
    ///
    /// @param name the command, for help and messages
    /// @param summary one line for the help
    public Program(String name, String summary, Class<T> configType, Service.Factory<T> factory) {
        this(name, summary, configType, factory, Output.standard(), System.err);
    }

    Program(String name, String summary, Class<T> configType, Service.Factory<T> factory, Output out, PrintStream err) {
        this.name = name;
        this.summary = summary;
        this.configType = configType;
        this.factory = factory;
        this.out = out;
        this.err = err;
    }

    /// Adds a verb.
    ///
    /// @param usage the verb and its arguments: `describe`, `replay FILE…`
    /// @param help one line
    public Program<T> with(String usage, String help, Verb verb) {
        verbs.put(usage.split(" ", 2)[0], new NamedVerb(usage, help, verb));
        return this;
    }

    /// Does what the command line says and returns the exit status.
    public int run(String... args) {
        int status = run(List.of(args));
        Optional<IOException> lost = out.failure();
        lost.ifPresent(e -> err.println(name + ": standard output cannot be written: " + Failure.of(e)));
        return lost.isPresent() ? FAILED : status;
    }

    private int run(List<String> words) {
        if (words.isEmpty()) {
            err.print(help());
            return USAGE;
        }
        List<String> rest = words.subList(1, words.size());
        if (rest.contains("--help") || rest.contains("-h")) {
            return print(help());
        }
        return switch (words.getFirst()) {
            case "--help", "-h", "help" -> print(help());
            case "--version" -> print(name + " " + version() + System.lineSeparator());
            case "run" -> withConfig("run", rest, this::serve);
            case "check" -> withConfig("check", rest, config -> print(ConfigFile.print(config)));
            default -> other(words.getFirst(), rest);
        };
    }

    private int other(String word, List<String> rest) {
        NamedVerb verb = verbs.get(word);
        if (verb == null) {
            return usage("unknown verb '" + word + "'");
        }
        try {
            return verb.verb().run(rest);
        } catch (ConfigException e) {
            return misconfigured(e);
        } catch (Exception e) {
            return failed(e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        int with(T config);
    }

    private int withConfig(String verb, List<String> args, Work<T> work) {
        Optional<Path> file = configOf(args);
        if (file.isEmpty()) {
            return usage(
                    verb + " needs --config FILE" + (args.isEmpty() ? "" : ", not '" + String.join(" ", args) + "'"));
        }
        try {
            return work.with(ConfigFile.read(file.get(), configType));
        } catch (ConfigException e) {
            return misconfigured(e);
        }
    }

    private static Optional<Path> configOf(List<String> args) {
        if (args.size() == 2 && args.getFirst().equals("--config")) {
            return Optional.of(Path.of(args.getLast()));
        }
        boolean joined = args.size() == 1 && args.getFirst().startsWith("--config=");
        return joined ? Optional.of(Path.of(args.getFirst().substring("--config=".length()))) : Optional.empty();
    }

    private int serve(T config) {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean signalled = new AtomicBoolean();
        try (Service service = factory.create(config)) {
            Thread hook = new Thread(() -> stop(service, signalled, ended), name + "-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                service.start();
                service.awaitStop();
            } finally {
                removeUnlessStopping(hook, signalled);
            }
            return OK;
        } catch (Exception e) {
            return signalled.get() ? OK : failed(e);
        } finally {
            ended.countDown();
        }
    }

    /// Runs when the process is told to end. The JVM would report a signal as its exit status; an orderly
    /// stop is no failure.
    private void stop(Service service, AtomicBoolean signalled, CountDownLatch ended) {
        signalled.set(true);
        Thread closing = Thread.ofVirtual().start(service::close);
        boolean orderly = false;
        try {
            orderly = closing.join(STOP_LIMIT) && ended.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!orderly) {
            err.println(name + ": did not stop within " + STOP_LIMIT.toSeconds() + " s, ended anyway");
        }
        out.flush();
        err.flush();
        Runtime.getRuntime().halt(orderly ? OK : FAILED);
    }

    private static void removeUnlessStopping(Thread hook, AtomicBoolean signalled) {
        if (signalled.get()) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            signalled.set(true); // the process began to end in this very moment: the hook runs
        }
    }

    private int failed(Exception e) {
        err.println(name + ": " + Failure.of(e));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            err.println("  because: " + Failure.of(cause));
        }
        return FAILED;
    }

    private int misconfigured(ConfigException e) {
        e.problems().forEach(err::println);
        return USAGE;
    }

    private int usage(String problem) {
        err.println(name + ": " + problem + ". See " + name + " --help.");
        return USAGE;
    }

    private int print(String text) {
        out.print(text);
        return OK;
    }

    private String version() {
        String version = configType.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    private String help() {
        StringBuilder text = new StringBuilder(name + ": " + summary + "\n\nUsage:\n");
        line(text, "run --config FILE", "work until told to stop (SIGTERM, SIGINT)");
        line(text, "check --config FILE", "validate the file and print the effective configuration");
        verbs.values().forEach(verb -> line(text, verb.usage(), verb.help()));
        line(text, "--help", "print this");
        line(text, "--version", "print the version");
        return text + "\nExit status: 0 fine, 1 failed at work, 2 wrong command line or configuration.\n";
    }

    private void line(StringBuilder text, String usage, String help) {
        text.append("  %s %-22s %s%n".formatted(name, usage, help));
    }
}
