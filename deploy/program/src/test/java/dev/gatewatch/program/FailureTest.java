package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void whatTheFileSystemRefusesIsSaid() {
        assertThat(Failure.of(new AccessDeniedException("/root/x")))
                .isEqualTo("/root/x may not be read or written by this user");
        assertThat(Failure.of(new UncheckedIOException(new NoSuchFileException("/nope"))))
                .isEqualTo("/nope does not exist");
        assertThat(Failure.of(new FileAlreadyExistsException("/x"))).isEqualTo("/x: file already exists");
        assertThat(Failure.of(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x: Read-only file system");
    }

    @Test
    void otherwiseTheMessageIsSaidOrTheKindOfException() {
        assertThat(Failure.of(new IOException("no broker answers"))).isEqualTo("no broker answers");
        assertThat(Failure.of(new IllegalStateException())).isEqualTo("illegal state");
    }
}
