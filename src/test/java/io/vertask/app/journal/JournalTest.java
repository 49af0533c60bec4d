package io.vertask.app.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.journal.RunEvent.AttemptBegan;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.ItemBegan;
import io.vertask.app.journal.RunEvent.ItemEnded;
import io.vertask.app.journal.RunEvent.PhaseEntered;
import io.vertask.app.journal.RunEvent.Retrying;
import io.vertask.app.journal.RunEvent.Waited;
import io.vertask.client.Phase;
import io.vertask.client.Reached;
import io.vertask.testing.Blocked;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final long LIMIT_SECONDS = 30;

    private final List<String> reported = new ArrayList<>();
    private final Journal journal = new Journal(reported::add);

    private static void await(Future<?> future) {
        Blocked.on(future);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void theTimeOfAnAttemptIsDividedAmongItsPhases() {
        journal.publish(new AttemptBegan(millis(0), 7, 1, 0));
        journal.publish(new PhaseEntered(millis(5), 7, 1, 0, Phase.CONNECTING));
        journal.publish(new PhaseEntered(millis(15), 7, 1, 0, Phase.RESPONSE));
        journal.publish(new AttemptBegan(millis(20), 8, 1, 1));
        assertThat(journal.totals().inFlight()).isEqualTo(2);
        journal.publish(
                new AttemptEnded(millis(40), 7, "k", 1, 0, AttemptEnded.How.OK, Optional.empty(), Reached.Counts.NONE));
        journal.publish(
                new AttemptEnded(millis(50), 8, "l", 1, 1, AttemptEnded.How.OK, Optional.empty(), Reached.Counts.NONE));
        Totals totals = journal.totals();
        assertThat(totals.in(Phase.QUEUED)).isEqualTo(Duration.ofMillis(5 + 30));
        assertThat(totals.in(Phase.CONNECTING)).isEqualTo(Duration.ofMillis(10));
        assertThat(totals.in(Phase.RESPONSE)).isEqualTo(Duration.ofMillis(25));
        assertThat(totals.in(Phase.BODY)).isZero();
        assertThat(totals.peak()).isEqualTo(2);
        assertThat(totals.inFlight()).isZero();
        assertThat(totals.attemptTimes().count()).isEqualTo(2);
        assertThat(totals.attemptTimes().longest()).isBetween(Duration.ofMillis(39), Duration.ofMillis(41));
    }

    @Test
    void aPauseIsCountedForItemsThatHaveBegun() {
        journal.publish(new Waited(0, 1, Wait.PAUSE, millis(100), true));
        journal.publish(new Waited(0, 2, Wait.PAUSE, millis(100), false));
        journal.publish(new Waited(0, 2, Wait.RATE, millis(7), false));
        assertThat(journal.totals().waited(Wait.PAUSE)).isEqualTo(Duration.ofMillis(100));
        assertThat(journal.totals().waited(Wait.RATE)).isEqualTo(Duration.ofMillis(7));
        assertThat(journal.totals().waited(Wait.RETRY)).isZero();
    }

    @Test
    void aMillionDifferentFailuresAreCountedAsFewCauses() {
        for (int n = 0; n < 1_000; n++) {
            ItemFailure why =
                    new ItemFailure("other", "cause " + n, OptionalInt.empty(), Optional.empty(), "no", false);
            journal.publish(new ItemBegan(0, n, "k" + n));
            journal.publish(new ItemEnded(
                    0, new ItemEnd(n, "k" + n, ItemEnd.How.FAILED, 1, Duration.ZERO, Optional.of(why), false)));
        }
        Totals totals = journal.totals();
        assertThat(totals.failed()).isEqualTo(1_000);
        assertThat(totals.causes()).hasSize(21);
        assertThat(totals.causes().get(0)).isEqualTo(new Totals.Cause("cause 0", 1, "k0"));
        assertThat(totals.causes().get(20)).isEqualTo(new Totals.Cause("others", 980, "k20"));
    }

    @Test
    void aListenerThatThrowsIsRemovedAndReportedOnceAndTheOthersGoOn() {
        List<RunEvent> heard = new ArrayList<>();
        journal.listen(event -> {
            throw new IllegalStateException("broken");
        });
        journal.listen(heard::add);
        journal.publish(new Retrying(0, 1));
        journal.publish(new Retrying(0, 2));
        assertThat(heard).hasSize(2);
        assertThat(reported)
                .containsExactly("a listener of the run was removed, because it failed: "
                        + "java.lang.IllegalStateException: broken");
        assertThat(journal.totals().retried()).isEqualTo(2);
    }

    @Test
    void aSlowListenerDropsWithACountAndNeverHoldsUpThePublisher() {
        CountDownLatch gate = new CountDownLatch(1);
        List<RunEvent> heard = new ArrayList<>();
        journal.listenAside(event -> {
            try {
                assertThat(gate.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            heard.add(event);
        });
        for (int n = 0; n < 30_000; n++) {
            journal.publish(new Retrying(0, n));
        }
        assertThat(journal.totals().retried()).isEqualTo(30_000);
        assertThat(journal.dropped()).isGreaterThanOrEqualTo(19_000);
        gate.countDown();
        await(journal.close());
        assertThat(heard.size() + journal.dropped()).isEqualTo(30_000);
    }

    @Test
    void aListenerOnTheWriterThreadReadsEverythingBeforeTheEnd() {
        List<RunEvent> heard = new ArrayList<>();
        journal.listenAside(heard::add);
        journal.listenAside(event -> {
            throw new IllegalStateException("broken");
        });
        for (int n = 0; n < 1_000; n++) {
            journal.publish(new Retrying(0, n));
        }
        await(journal.close());
        assertThat(heard).hasSize(1_000);
        assertThat(reported).hasSize(1);
    }

    @Test
    void anEndThatIsChangedIsCountedOnce() {
        Journal journal = new Journal(line -> {});
        ItemEnd ok = new ItemEnd(0, "a", ItemEnd.How.OK, 1, Duration.ofMillis(5), Optional.empty(), false);
        ItemEnd refused = ok.failed(ItemFailure.after("output", "output", "no column"));
        ItemEnd lost = refused.failed(refused.failure().orElseThrow().unkept("full"));
        journal.publish(new RunEvent.ItemBegan(0, 0, "a"));
        journal.publish(new RunEvent.ItemEnded(1, ok));
        journal.publish(new RunEvent.EndChanged(2, ok, refused));
        assertThat(journal.totals().ok()).isZero();
        assertThat(journal.totals().causes()).containsExactly(new Totals.Cause("output", 1, "a"));
        journal.publish(new RunEvent.EndChanged(3, refused, lost));
        Totals totals = journal.totals();
        assertThat(totals.failed()).isEqualTo(1);
        assertThat(totals.causes()).containsExactly(new Totals.Cause("unknown", 1, "a"));
        assertThat(totals.itemTimes().count()).isEqualTo(1);
        assertThat(totals.stillRunning()).isZero();
    }
}
