package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who listens to tasks, and what they hear. */
@Timeout(60)
class ListenerTest {
    @Test
    @Tag("semantics-154")
    void aListenerHearsStartsEndsAndCancelsWithTheirPathsAndTimes() {
        Watched.Log log = new Watched.Log();
        Watched.heardBy(log, () -> {
            Task<Void> worker = Tasks.start(
                    "worker", () -> Tasks.start("inner", Watched::<Void>ages).future());
            return Tasks.start("quick", () -> ms(3))
                    .future()
                    .compose(v -> worker.cancelAndJoin(CancelReason.user("enough")));
        });
        assertThat(log.lines)
                .containsExactly(
                        "started main/program",
                        "started main/program/worker",
                        "started main/program/quick",
                        "started main/program/worker/inner",
                        "ended main/program/quick SUCCEEDED after 3",
                        "cancel main/program/worker user (enough) by main/program",
                        "cancel main/program/worker/inner user (enough) by main/program",
                        "ended main/program/worker/inner CANCELLED after 3",
                        "ended main/program/worker CANCELLED after 3",
                        "ended main/program SUCCEEDED after 3");
    }

    @Test
    void whatEveryScopeCancelsIsHeardOnceForEachTask() {
        Watched.Log log = new Watched.Log();
        Watched.heardBy(
                log,
                () -> Tasks.gather(Watched::ages, () -> ms(1).compose(v -> Future.failedFuture("bad")))
                        .otherwiseEmpty());
        assertThat(log.lines)
                .filteredOn(line -> line.startsWith("cancel"))
                .singleElement()
                .asString()
                .contains("sibling failed");
    }

    @Test
    void startsAndEndsAreEvenWhateverTheInterleaving() {
        for (long seed = 0; seed < 300; seed++) {
            Watched.Log log = new Watched.Log();
            Watched.run(
                    seed,
                    tracing -> tracing.listen(log),
                    tracing -> tracing.unlisten(log),
                    () -> Tasks.<Object>settle(
                            () -> Tasks.timeout(Duration.ofMillis(2), Watched::ages),
                            () -> Tasks.gather(Watched::ages, () -> Future.failedFuture("bad"), Watched::ages)
                                    .mapEmpty(),
                            () -> Tasks.start(Watched::ages).cancelAndJoin().mapEmpty()));
            assertThat(log.lines.stream()
                            .filter(line -> line.startsWith("started"))
                            .count())
                    .as("seed %s: %s", seed, log.lines)
                    .isEqualTo(log.lines.stream()
                            .filter(line -> line.startsWith("ended"))
                            .count());
        }
    }

    @Test
    @Tag("semantics-154")
    void aListenerThatThrowsIsRemovedAndReportedOnceAndTheProgramGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        IllegalStateException bad = new IllegalStateException("bad listener");
        TaskListener throwing = new TaskListener() {
            @Override
            public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
                calls.incrementAndGet();
                throw bad;
            }

            @Override
            public String toString() {
                return "Throwing";
            }
        };
        Watched.Log log = new Watched.Log();
        VirtualRun<String> run = Watched.run(
                -1,
                tracing -> tracing.listen(throwing).listen(log),
                tracing -> {
                    assertThat(tracing.hears(throwing)).isFalse();
                    assertThat(tracing.unlisten(throwing)).isFalse();
                    tracing.unlisten(log);
                },
                () -> Tasks.gather(() -> ms(1), () -> ms(2)).map("value"));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("value"));
        assertThat(calls).hasValue(1);
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(reported ->
                        assertThat(reported).hasCause(bad).hasMessageContaining("task listener Throwing threw"));
        assertThat(log.lines).filteredOn(line -> line.startsWith("ended")).hasSize(3);
    }

    @Test
    @Tag("semantics-154")
    void alsoAnErrorOfAListenerIsNoMatterForTheProgram() {
        TaskListener throwing = new TaskListener() {
            @Override
            public void started(Task<?> task, long at) {
                throw new StackOverflowError();
            }
        };
        VirtualRun<Void> run = Watched.heardBy(throwing, () -> ms(1));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).hasSize(1);
    }

    @Test
    void aListenerThatComesLaterHearsWhatComesLater() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        List<String> heard = new CopyOnWriteArrayList<>();
        Task<Void> early = Tasks.start(vertx, "early", Watched::ages);
        Tasks.run(vertx, () -> ms(1));
        TaskListener listener = new TaskListener() {
            @Override
            public void started(Task<?> task, long at) {
                heard.add("started " + task.name());
            }

            @Override
            public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
                heard.add("ended " + task.name());
            }
        };
        Tracing.of(vertx).listen(listener);
        Watched.await(early.cancelAndJoin());
        Tasks.run(vertx, () -> ms(1));
        assertThat(Tracing.of(vertx).unlisten(listener)).isTrue();
        Tasks.run(vertx, () -> ms(1));
        assertThat(heard).containsExactly("ended early", "started main", "ended main");
        Watched.await(vertx.close());
    }

    @Test
    void withoutListenersAndDebugModeThereIsNoThread() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        Tasks.run(vertx, () -> ms(1));
        long before = samplers();
        TaskListener listener = new TaskListener() {};
        Tracing.of(vertx).listen(listener);
        assertThat(samplers()).isEqualTo(before + 1);
        Tracing.of(vertx).debug(true).unlisten(listener);
        assertThat(samplers()).isEqualTo(before + 1);
        Tracing.of(vertx).debug(false);
        untilSamplersAre(before);
        Tracing tracing = Tracing.of(vertx).debug(true);
        assertThat(samplers()).isEqualTo(before + 1);
        Watched.await(vertx.close());
        untilSamplersAre(before);
        tracing.debug(false).debug(true);
        assertThat(samplers()).isEqualTo(before);
    }

    private static void untilSamplersAre(long count) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (samplers() != count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(samplers()).isEqualTo(count);
    }

    private static long samplers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("vertask-sampler"))
                .count();
    }
}
