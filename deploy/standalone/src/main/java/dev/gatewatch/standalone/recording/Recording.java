package dev.gatewatch.standalone.recording;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the agents on the hosts of a recording would have shipped, in the order of time.
///
/// ```
/// DIR/HOST/nginx/access.log  error.log    NGINX
/// DIR/HOST/haproxy.log                    HAProxy, as its syslog daemon files it
/// DIR/HOST/journal.json                   journalctl -o json --all
/// DIR/HOST/kmsg.log                       records of /dev/kmsg
/// DIR/HOST/inventory.jsonl                listening sockets, a snapshot a line
/// DIR/HOST/conf/nginx.conf  haproxy.cfg   configuration
/// DIR/HOST/meta.json                      name, addresses, UTC offset, boot time, log formats
/// ```
/// Every file may be missing, every host may be, and files that are not in this list are passed over. A
/// single host's folder
/// will do for DIR.
///
/// @param begin first moment
/// @param end last moment
/// @param logs how many log files there are, empty ones included
/// @param entries what is shipped, oldest first; the first facts of a host come before its first line
/// @param damage what is wrong with its files, a sentence each
public record Recording(Instant begin, Instant end, int logs, List<Entry> entries, List<String> damage) {

    public Recording {
        entries = List.copyOf(entries);
        damage = List.copyOf(damage);
    }

    /// All logs.
    public static final Predicate<Log> EVERYTHING = log -> true;

    /// The logs of one kind on one host.
    ///
    /// @param folder name of the host's folder
    public record Log(String folder, SourceKind source) {}

    /// The recording in a folder.
    ///
    /// @throws IOException if a file cannot be read; a file that makes no sense is none, and is told of
    public static Recording read(Path folder) throws IOException {
        return read(folder, EVERYTHING);
    }

    /// The recording in a folder, as it comes to the analyzer.
    ///
    /// @throws IOException if a file cannot be read
    public static Recording read(Path folder, Arrival arrival) throws IOException {
        return read(folder, EVERYTHING, arrival);
    }

    /// A part of the recording in a folder: some of the logs, and no host of which none is left.
    ///
    /// @throws IOException if a file cannot be read
    public static Recording read(Path folder, Predicate<Log> which) throws IOException {
        return read(folder, which, new Arrival.Prompt());
    }

    private static Recording read(Path folder, Predicate<Log> which, Arrival arrival) throws IOException {
        JsonMapper json = new JsonMapper();
        List<RecordedHost> hosts = new ArrayList<>();
        for (Path host : folders(folder)) {
            RecordedHost whole = RecordedHost.read(host, json);
            RecordedHost left = whole.with(log -> which.test(log(host, log)));
            if (whole.logs().isEmpty() || !left.logs().isEmpty()) {
                hosts.add(left);
            }
        }
        Optional<Instant> about =
                hosts.stream().flatMap(host -> host.about().stream()).min(Comparator.naturalOrder());
        List<HostHistory> histories = hosts.stream()
                .filter(RecordedHost::known)
                .map(host -> new HostHistory(host, host.streams(host.about().or(() -> about))))
                .toList();
        List<String> damage =
                hosts.stream().flatMap(host -> host.damage().stream()).toList();
        return of(histories, arrival, damage);
    }

    /// The same recording, if the hosts' clocks were wrong by up to three seconds.
    public Recording withWrongClocks(long seed) {
        WrongClocks clocks = new WrongClocks(seed, begin);
        return new Recording(
                begin, end, logs, entries.stream().map(clocks::wrong).toList(), damage);
    }

    /// The logs of the recording in a folder, without those that are empty.
    ///
    /// @throws IOException if a file cannot be read
    public static List<Log> logs(Path folder) throws IOException {
        List<Log> logs = new ArrayList<>();
        for (Path host : folders(folder)) {
            for (LogFile log : LogFile.in(host)) {
                if (log.bytes().length > 0) {
                    logs.add(log(host, log));
                }
            }
        }
        return logs.stream().distinct().toList();
    }

    private static Log log(Path host, LogFile log) {
        return new Log(host.getFileName().toString(), log.source());
    }

    /// The folder itself and the folders in it, by name.
    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return Stream.concat(
                            Stream.of(folder),
                            entries.filter(Files::isDirectory).sorted())
                    .toList();
        }
    }

    private static Recording of(List<HostHistory> histories, Arrival arrival, List<String> damage) {
        List<Instant> moments = histories.stream()
                .flatMap(history -> Stream.concat(
                        history.host().knownMoments(),
                        history.streams().stream()
                                .flatMap(s -> Stream.concat(s.firstMoment().stream(), s.lastMoment().stream()))))
                .sorted()
                .toList();
        Instant begin = moments.isEmpty() ? Instant.EPOCH : moments.getFirst();
        Instant end = moments.isEmpty() ? Instant.EPOCH : moments.getLast();
        List<Entry> entries = new ArrayList<>();
        histories.forEach(history -> entries.addAll(
                history.entries(begin, end, arrival.way(history.host().name()))));
        // the sort is stable and facts are listed first: what is known of the hosts at a moment precedes what is
        // written then
        histories.forEach(
                history -> history.streams().forEach(stream -> entries.addAll(stream.entries(begin, arrival))));
        entries.sort(Comparator.comparing(Entry::at));
        int logs =
                histories.stream().mapToInt(history -> history.streams().size()).sum();
        return new Recording(begin, end, logs, entries, damage);
    }

    /// How long the recording is.
    public Duration length() {
        return Duration.between(begin, end);
    }
}
