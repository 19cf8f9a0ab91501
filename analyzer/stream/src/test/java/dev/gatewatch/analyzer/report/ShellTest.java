package dev.gatewatch.analyzer.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
    @ParameterizedTest
    @ValueSource(strings = {"orders.service", "app@7.service", "10.85.0.21", "2001:db8::1", "/run/app.sock", "a_b-c"})
    void a_plain_word_stays_as_it_is(String word) {
        assertThat(Shell.word(word)).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "||,''",
                "a b,'a b'",
                "$(reboot),'$(reboot)'",
                "`reboot`,'`reboot`'",
                "a;reboot,'a;reboot'",
                "-rf,'-rf'",
                "it's,'it?s'",
                "'$(reboot)',|'?$(reboot)?'|",
                "é,'?'",
                "a*,'a*'",
                "~,'~'"
            })
    void everything_else_is_quoted(String word, String quoted) {
        assertThat(Shell.word(word)).isEqualTo(quoted);
    }

    @Test
    void whatever_a_stranger_wrote_a_shell_reads_it_as_one_word_and_runs_nothing()
            throws IOException, InterruptedException {
        Random random = new Random(20261122);
        StringBuilder script = new StringBuilder("PATH=/nowhere\n");
        int words = 300;
        String pieces = "$(){}[]`;&|<>'\"\\\n\r\t *?~!#=%^-aé\u0000\u001b\u2028";
        for (int i = 0; i < words; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                word.append(pieces.charAt(random.nextInt(pieces.length())));
            }
            script.append("set -- ").append(Shell.word(word.toString())).append("; echo $#\n");
        }
        Process shell =
                new ProcessBuilder(List.of("/bin/sh")).redirectErrorStream(true).start();
        shell.getOutputStream().write(script.toString().getBytes(UTF_8));
        shell.getOutputStream().close();
        String out = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(out).isEqualTo("1\n".repeat(words));
    }
}
