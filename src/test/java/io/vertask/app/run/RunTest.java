package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.Totals;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertask.app.workload.StartFailure;
import io.vertask.client.Phase;
import io.vertask.client.Reached;
import io.vertask.testing.Blocked;
import io.vertask.testing.Jobs;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs without a console, on a real event loop that they share. */
class RunTest {
    private static final long LIMIT_SECONDS = 30;

    /** Longer than a turn may take before it counts as a stall. */
    private static final Duration STALL = Duration.ofMillis(250);

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void nothingIsLeft() {
        assertThat(vertx.deploymentIDs()).isEmpty();
        Blocked.on(vertx.close());
    }

    private static Job job(String name, String rest) {
        return Jobs.read(name + ".yaml", "job: " + name + "\n" + rest, Map.of(), List.of());
    }

    private RecordedRun start(Job job, Consumer<RunEvent> listener) {
        return new RecordedRun(
                vertx,
                StepKinds.BUILT_IN,
                job,
                folder.resolve(job.name()),
                StartMode.of(StartMode.Kind.FRESH),
                listener);
    }

    /** A step that keeps the event loop for longer than a turn may take, for one item. */
    public static final class BlocksOnce implements CallableStep {
        @Override
        public Object call(StepCall call) {
            if (call.key().equals("3")) {
                long until = System.nanoTime() + STALL.toNanos();
                long turns = 0;
                while (System.nanoTime() < until) {
                    turns++;
                }
                return turns;
            }
            return call.key();
        }
    }

    @Test
    void twoRunsInOneVertxHaveTheirOwnTotalsLedgersStallsAndEnds() {
        CountDownLatch tenDone = new CountDownLatch(10);
        RecordedRun sleeps = start(
                job("sleeps", "each: {range: 1..10000}\ndo: {sleep: 10ms}\nlimits: {concurrency: 3}\n"), event -> {
                    if (event instanceof RunEvent.ItemEnded) {
                        tenDone.countDown();
                    }
                });
        RecordedRun calls = start(
                job(
                        "calls",
                        "each: {range: 1..200}\ndo: {call: \"" + BlocksOnce.class.getName()
                                + "\"}\nlimits: {concurrency: 2}\n"),
                event -> {});
        RunEnd called = calls.end();
        assertThat(awaited(tenDone)).isTrue();
        sleeps.run.drain();
        RunEnd slept = sleeps.end();

        assertThat(called.cause()).isEqualTo(RunEnd.Cause.FINISHED);
        assertThat(called.totals().ok()).isEqualTo(200);
        assertThat(called.totals().stalls()).as("its step blocked the loop").isEqualTo(1);
        assertThat(calls.lines()).hasSize(200);
        assertThat(calls.recorded()).hasSize(200);

        Totals totals = slept.totals();
        assertThat(slept.cause()).isEqualTo(RunEnd.Cause.ASKED);
        assertThat(totals.ok()).isGreaterThanOrEqualTo(10).isLessThan(10_000);
        assertThat(totals.stillRunning()).isZero();
        assertThat(totals.stalls()).as("the other run's step blocked the loop").isZero();
        assertThat(sleeps.lines()).hasSize((int) totals.ok());
        assertThat(sleeps.recorded()).hasSize((int) totals.ok());
        assertThat(sleeps.events).noneMatch(RunEvent.Stalled.class::isInstance);
        assertThat(slept.id()).isNotEqualTo(called.id());
    }

    private static boolean awaited(CountDownLatch gate) {
        try {
            return gate.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void totalsCanBeAskedForAtAnyMoment() {
        CountDownLatch began = new CountDownLatch(1);
        RecordedRun one =
                start(job("one", "each: {range: 1..3}\ndo: {sleep: 1h}\nlimits: {concurrency: 3}\n"), event -> {
                    if (event instanceof RunEvent.AttemptBegan attempt && attempt.n() == 2) {
                        began.countDown();
                    }
                });
        assertThat(awaited(began)).isTrue();
        assertThat(Blocked.on(one.run.totals()).inFlight()).isEqualTo(3);
        assertThat(one.run.cancel()).isTrue();
        RunEnd end = one.end();
        assertThat(end.cause()).isEqualTo(RunEnd.Cause.ASKED);
        assertThat(end.totals().cancelled()).isEqualTo(3);
        assertThat(Blocked.on(one.run.totals())).isEqualTo(end.totals());
        assertThat(one.run.cancel()).as("there is nothing left to cancel").isFalse();
        assertThat(one.events).anyMatch(event -> event instanceof RunEvent.Stopping stop && stop.cancels());
    }

    @Test
    void aListenerThatThrowsIsRemovedAndTheRunGoesOn() {
        RecordedRun one = start(job("one", "each: {range: 1..20}\ndo: {sleep: 1ms}\n"), event -> {
            throw new IllegalStateException("broken");
        });
        assertThat(one.end().totals().ok()).isEqualTo(20);
        assertThat(one.events.get(one.events.size() - 1)).isInstanceOf(RunEvent.RunEnded.class);
    }

    @Test
    void aRunThatIsStoppedBeforeItHasDeployedDoesNothing() {
        Job job = job("one", "each: {range: 1..20}\ndo: {sleep: 1h}\n");
        RecordedRun one = start(job, event -> {});
        one.run.drain();
        RunEnd end = one.end();
        assertThat(end.totals().attempts()).isZero();
        assertThat(end.cause()).isEqualTo(RunEnd.Cause.ASKED);
    }

    @Test
    void aSinkThatCanNotBeOpenedStartsNothing() {
        Sink closed = new Sink() {
            @Override
            public Future<Void> open(Back back) {
                return Future.failedFuture(new StartFailure("out.csv can't be written: it is a folder"));
            }

            @Override
            public void ended(Result result) {
                throw new AssertionError(result);
            }

            @Override
            public void rows(PageRows page) {
                throw new AssertionError(page);
            }

            @Override
            public Future<Closed> close() {
                throw new AssertionError("it was never open");
            }
        };
        RunEnd end = Blocked.on(Run.start(vertx, job("one", "do: {sleep: 1ms}\n"), Ports.of("r", closed))
                .end());
        assertThat(end.cause()).isEqualTo(RunEnd.Cause.NOT_STARTED);
        assertThat(end.words()).contains("out.csv can't be written: it is a folder");
        assertThat(end.totals().begun()).isZero();
    }

    /** A step that waits on a thread until it is interrupted. */
    public static final class WaitsOnAThread implements CallableStep {
        @Override
        public Object call(StepCall call) throws InterruptedException {
            new CountDownLatch(1).await();
            return "never";
        }
    }

    private static Reached.Counts reached(RecordedRun run) {
        return run.events.stream()
                .filter(AttemptEnded.class::isInstance)
                .map(event -> ((AttemptEnded) event).reached())
                .reduce(Reached.Counts.NONE, Reached.Counts::plus);
    }

    @Test
    void anAttemptThatTimesOutTellsThatItsSocketWasClosed() throws IOException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/a", new Reply.Silence()).on("/b", new Reply.Silence());
            RecordedRun run = start(
                    job(
                            "one",
                            "each: [a, b]\ndo: {get: \"" + server.url()
                                    + "/{item}\"}\nlimits: {timeout: 500ms, retries: 1, backoff: 1ms}\n"),
                    event -> {});
            RunEnd end = run.end();
            assertThat(end.totals().failed()).isEqualTo(2);
            List<AttemptEnded> waited = run.events.stream()
                    .filter(AttemptEnded.class::isInstance)
                    .map(AttemptEnded.class::cast)
                    .filter(attempt -> attempt.failure().orElseThrow().phase().equals(Optional.of("response")))
                    .toList();
            assertThat(waited)
                    .isNotEmpty()
                    .allSatisfy(
                            attempt -> assertThat(attempt.reached()).isEqualTo(new Reached.Counts(1, 0, 0, 0, 0, 0)));
            // a connect that was under way is closed when it comes, which may be after its attempt
            assertThat(end.totals().reached().socketsClosed())
                    .isGreaterThanOrEqualTo(reached(run).socketsClosed());
        }
    }

    @Test
    void anAttemptThatIsCancelledTellsThatItsThreadWasInterrupted() {
        CountDownLatch running = new CountDownLatch(2);
        RecordedRun run = start(
                job(
                        "one",
                        "each: [a, b, c]\ndo: {call: \"" + WaitsOnAThread.class.getName()
                                + "\", offload: io}\nlimits: {concurrency: 2}\n"),
                event -> {
                    if (event instanceof RunEvent.PhaseEntered phase && phase.phase() == Phase.RESPONSE) {
                        running.countDown();
                    }
                });
        assertThat(awaited(running)).isTrue();
        run.run.cancel();
        RunEnd end = run.end();
        assertThat(end.totals().cancelled()).isEqualTo(2);
        assertThat(reached(run)).isEqualTo(new Reached.Counts(0, 0, 0, 0, 2, 0));
        assertThat(end.totals().reached()).isEqualTo(reached(run));
    }
}
