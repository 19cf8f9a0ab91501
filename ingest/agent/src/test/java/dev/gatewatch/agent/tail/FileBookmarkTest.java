package dev.gatewatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.SourceKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileBookmarkTest {
    private final FileBookmark bookmark =
            new FileBookmark(Path.of("/var/log/a\tb.log"), new FileIdentity(1, 2, 3), "abc", 4, false);

    @Test
    void is_read_as_it_was_written() {
        assertThat(FileBookmark.decode(bookmark.encode())).contains(bookmark);
        assertThat(FileBookmark.decode(bookmark.finish().encode())).contains(bookmark.finish());
    }

    @Test
    void of_another_kind_of_source_is_none() {
        assertThat(FileBookmark.decode("journal\ts=1")).isEmpty();
        assertThat(FileBookmark.decode("file\tx\t2\t3\tabc\t4\topen\t/a")).isEmpty();
    }

    @Test
    void the_stream_differs_in_host_file_first_line_and_generation_and_not_in_the_path() {
        String stream = bookmark.stream("edge1", SourceKind.NGINX_ACCESS);

        assertThat(stream).startsWith("edge1:nginx-access:");
        assertThat(new FileBookmark(Path.of("/b"), bookmark.identity(), "abc", 4, true)
                        .stream("edge1", SourceKind.NGINX_ACCESS))
                .isEqualTo(stream);
        assertThat(bookmark.next().withHead("abc").stream("edge1", SourceKind.NGINX_ACCESS))
                .isNotEqualTo(stream);
        assertThat(bookmark.stream("edge2", SourceKind.NGINX_ACCESS)).isNotEqualTo(stream);
    }
}
