package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.SourceKind;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lines of gunicorn 26.2, uvicorn, php-fpm 8.2, uwsgi 2.0.21, Node 20 and OpenJDK 17, made to fail in
/// each way; of others as documented. What each says stands before it.
class AppLinesTest {
    private static final int WRITER = 42;

    static Stream<Arguments> lines() {
        return Lines.resource("lines/apps.tsv").stream().map(row -> Arguments.of((Object[]) row.split("\t", 3)));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void an_application_server_tells_what_became_of_it_and_of_its_workers(String id, String pid, String line) {
        String message = line.replace("\\", "\\\\").replace("\"", "\\\"");
        Reading reading = Lines.read(
                SourceKind.JOURNALD,
                "{\"_PID\":\"" + WRITER + "\",\"_COMM\":\"app\",\"_SYSTEMD_UNIT\":\"orders.service\",\"MESSAGE\":\""
                        + message + "\",\"__REALTIME_TIMESTAMP\":\"1795356081917119\"}");
        if (id.equals("-")) {
            assertThat(reading).isInstanceOf(Reading.Ordinary.class);
        } else {
            Signal.AppEvent event = (Signal.AppEvent) ((Reading.Says) reading).signal();
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.unit()).isEqualTo("orders.service");
            assertThat(event.pid()).isEqualTo(pid.equals("-") ? WRITER : Integer.parseInt(pid));
        }
    }
}
