package dev.gatewatch.standalone.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.program.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SiteTest {
    private final List<String> closed = new ArrayList<>();

    /// One that runs until it is closed, or until it fails.
    private final class Part implements Service {
        private final String name;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable String problem;

        Part(String name) {
            this.name = name;
        }

        void fail(String reason) {
            problem = reason;
            ended.countDown();
        }

        @Override
        public void start() {}

        @Override
        public void awaitStop() throws IOException, InterruptedException {
            ended.await();
            if (problem != null) {
                throw new IOException(problem);
            }
        }

        @Override
        public void close() {
            closed.add(name);
            ended.countDown();
        }
    }

    @Test
    void a_site_ends_with_what_made_one_of_its_services_fail() throws Exception {
        try (Site site = new Site()) {
            Part analyzer = new Part("analyzer");
            site.start(analyzer);
            site.start(new Part("agent"));
            analyzer.fail("the topology failed");

            assertThatThrownBy(site::awaitStop).isInstanceOf(IOException.class).hasMessage("the topology failed");
        }
        assertThat(closed).containsExactly("agent", "analyzer");
    }

    @Test
    void a_site_that_is_closed_ends_well() throws Exception {
        Site site = new Site();
        site.start(new Part("analyzer"));
        site.close();
        site.awaitStop();
        assertThat(closed).containsExactly("analyzer");
    }
}
