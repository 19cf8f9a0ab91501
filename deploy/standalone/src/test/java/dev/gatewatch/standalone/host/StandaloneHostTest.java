package dev.gatewatch.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneHostTest {
    @TempDir
    Path folder;

    @Test
    void only_its_user_may_look_into_the_data() throws IOException {
        Path data = folder.resolve("share/gatewatch");

        StandaloneHost.makePrivate(data);
        StandaloneHost.makePrivate(data);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }
}
