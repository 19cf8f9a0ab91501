package dev.gatewatch.alerts.board;

import static dev.gatewatch.alerts.Incidents.START;
import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoardTest {
    private Instant now = START.plusSeconds(60);
    private final Board board = new Board(new Retention(Duration.ofDays(7), 3), () -> now);

    @Test
    void theHighestRevisionWinsInWhateverOrderAndHoweverOftenTheyCome() {
        List<Change> changes = new ArrayList<>();
        for (int revision = 1; revision <= 20; revision++) {
            changes.add(new Change.Revised(anIncident().revision(revision).build()));
            changes.add(new Change.Revised(anIncident().revision(revision).build()));
        }
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(changes, new Random(seed));
            board.apply(changes);

            assertThat(board.view().incidents())
                    .singleElement()
                    .extracting(Incident::revision)
                    .isEqualTo(20);
        }
    }

    @Test
    void whatChangesNothingMakesNoNewVersion() {
        apply(anIncident().revision(2).build());
        long version = board.view().version();

        apply(anIncident().revision(2).build(), anIncident().revision(1).build());
        board.apply(List.of(new Change.Removed("never-was-there")));
        board.apply(List.of());

        assertThat(board.view().version()).isEqualTo(version);
    }

    @Test
    void aTombstoneRemoves() {
        Incident incident = anIncident().build();
        apply(incident);

        board.apply(List.of(new Change.Removed(incident.id())));

        assertThat(board.view().find(incident.id())).isEmpty();
    }

    @Test
    void openOnesComeFirstAndThenTheNewest() {
        apply(
                anIncident()
                        .id("resolved-late")
                        .startedAt(START.plusSeconds(9))
                        .resolvedAt(START.plusSeconds(20))
                        .build(),
                anIncident().id("open-early").build(),
                anIncident().id("open-late").startedAt(START.plusSeconds(5)).build());

        assertThat(board.view().incidents())
                .extracting(Incident::id)
                .containsExactly("open-late", "open-early", "resolved-late");
        assertThat(board.view().in(Incident.State.OPEN)).hasSize(2);
    }

    @Test
    void theOldestResolvedOnesMakeRoom() {
        apply(
                anIncident()
                        .id("resolved-old")
                        .startedAt(START.minusSeconds(900))
                        .resolvedAt(START.minusSeconds(800))
                        .build(),
                anIncident()
                        .id("resolved-new")
                        .resolvedAt(START.plusSeconds(20))
                        .build(),
                anIncident().id("open-one").startedAt(START.minusSeconds(5_000)).build(),
                anIncident().id("open-two").build());

        assertThat(board.view().incidents())
                .extracting(Incident::id)
                .containsExactly("open-two", "open-one", "resolved-new");
    }

    @Test
    void whatIsTooOldIsDroppedAsTimePasses() {
        apply(anIncident().id("resolved-1").resolvedAt(START.plusSeconds(50)).build());

        now = START.plus(Duration.ofDays(7));
        board.apply(List.of());
        assertThat(board.view().incidents()).hasSize(1);
        now = now.plusSeconds(60);
        board.apply(List.of());
        assertThat(board.view().incidents()).isEmpty();
    }

    @Test
    void waitingEndsWithTheNextChange() throws Exception {
        View before = board.view();
        CompletableFuture<View> next = CompletableFuture.supplyAsync(() -> await(before.version()));

        apply(anIncident().build());

        assertThat(next.get(10, TimeUnit.SECONDS).incidents()).hasSize(1);
        assertThat(board.awaitChange(board.view().version(), Duration.ofMillis(1))
                        .incidents())
                .hasSize(1);
    }

    @Test
    void completenessIsToldOnce() {
        assertThat(board.view().complete()).isFalse();
        board.complete();
        long version = board.view().version();
        board.complete();

        assertThat(board.view().complete()).isTrue();
        assertThat(board.view().version()).isEqualTo(version);
    }

    private View await(long version) {
        try {
            return board.awaitChange(version, Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(Incident... incidents) {
        board.apply(Arrays.stream(incidents).<Change>map(Change.Revised::new).toList());
    }
}
