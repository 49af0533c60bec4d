package io.vertask.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.ClosedException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A job that answers its interrupt has not failed; one that fails on its way out has. */
class OffloadInterruptTest {
    /** A failure that a job answers its interrupt with; each name is a class, or an outer one around inner ones. */
    private record Answer(String name, Throwable error) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Fixture fixture = new Fixture();
    private final Vertx vertx = fixture.vertx;
    private final Fixture.Gate gate = new Fixture.Gate();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();

    @BeforeEach
    void collect() {
        vertx.exceptionHandler(reported::add);
    }

    @AfterEach
    void close() throws Exception {
        gate.open();
        fixture.close();
    }

    private static Answer answer(Throwable error) {
        StringBuilder name = new StringBuilder();
        Throwable next = error;
        for (int i = 0; i < 4 && next != null; i++) {
            name.append(name.isEmpty() ? "" : " around ").append(next.getClass().getSimpleName());
            next = next.getCause();
        }
        for (Throwable second : error.getSuppressed()) {
            name.append(" with ").append(second.getClass().getSimpleName());
        }
        return new Answer(name.toString(), error);
    }

    private static <E extends Throwable> E with(E error, Throwable suppressed) {
        error.addSuppressed(suppressed);
        return error;
    }

    private static Throwable cancelled() {
        return Objects.requireNonNull(Tasks.run(() -> {
            Task<Object> task =
                    Tasks.start(() -> Tasks.sleep(Duration.ofHours(1)).mapEmpty());
            return task.cancelAndJoin(CancelReason.USER).map(Outcome::errorOrNull);
        }));
    }

    static Stream<Answer> answers() {
        return Stream.of(
                        new InterruptedException(),
                        new ClosedByInterruptException(),
                        new AsynchronousCloseException(),
                        new ClosedChannelException(),
                        new FileLockInterruptionException(),
                        new InterruptedIOException(),
                        new CancellationException(),
                        cancelled(),
                        with(cancelled(), new InterruptedException()),
                        with(new InterruptedException(), new ClosedByInterruptException()),
                        new UncheckedIOException(new ClosedByInterruptException()),
                        new ExecutionException(new InterruptedException()),
                        new CompletionException(new UncheckedIOException(new InterruptedIOException())),
                        new ExecutionException(cancelled()),
                        new IllegalStateException("a pool of connections", new InterruptedException()),
                        new AssertionError(new InterruptedException()))
                .map(OffloadInterruptTest::answer);
    }

    static Stream<Answer> failures() {
        IllegalStateException ring = new IllegalStateException("ring");
        ring.initCause(new IllegalStateException(ring));
        return Stream.of(
                        new IllegalStateException("bad"),
                        new IOException("disk full"),
                        new SocketTimeoutException("Read timed out"),
                        new UncheckedIOException(new IOException("disk full")),
                        with(new InterruptedException(), new IOException("close failed")),
                        with(cancelled(), new IOException("close failed")),
                        new ExecutionException(with(new InterruptedException(), new IOException("close failed"))),
                        ring)
                .map(OffloadInterruptTest::answer);
    }

    /** Cancels a task, interrupting its job, which then fails with {@code error}; and waits for all reports. */
    private Outcome<Object> interrupted(Throwable error, Duration limit) {
        Offload pool = Offload.of(vertx, "io", OffloadOptions.threads(1).withInterruptLimit(limit));
        Outcome<Object> end = Tasks.run(vertx, () -> {
            Task<Object> task = Tasks.start(() -> pool.call("cut", () -> {
                fixture.log.add("begun");
                try {
                    gate.pass();
                } catch (InterruptedException e) {
                    if (limit.toMillis() < 1000) {
                        gate.passWhateverHappens();
                    }
                    throw OffloadInterruptTest.<Exception>asIs(error);
                }
                return "never";
            }));
            return Fixture.until(() -> fixture.log.contains("begun"))
                    .compose(v -> {
                        // nobody looks at its end: what is lost with it is reported
                        task.cancel();
                        return Fixture.until(() -> task.state().isDone());
                    })
                    .compose(v -> {
                        gate.open();
                        // behind it, on the one thread of the pool
                        return pool.call(() -> "next");
                    })
                    .compose(next -> Tasks.sleep(Duration.ZERO))
                    .map(v -> task.tryOutcome().orElseThrow());
        });
        return Objects.requireNonNull(end);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable error) throws E {
        throw (E) error;
    }

    private static final Duration LONG = Duration.ofHours(1);

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerToTheInterruptIsNothingLost(Answer answer) {
        Outcome<Object> end = interrupted(answer.error(), LONG);
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(Objects.requireNonNull(end.errorOrNull()).getSuppressed()).isEmpty();
        assertThat(reported).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOnTheWayOutIsReported(Answer failure) {
        Outcome<Object> end = interrupted(failure.error(), LONG);
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(Objects.requireNonNull(end.errorOrNull()).getSuppressed()).containsExactly(failure.error());
    }

    @Test
    void anUnseenFailureOnTheWayOutReachesTheHandlerOnce() {
        IllegalStateException bad = new IllegalStateException("bad");
        Offload pool = Offload.blocking(vertx, "io", 1);
        Tasks.run(vertx, () -> {
            Tasks.start(
                    "cut",
                    () -> pool.call(() -> {
                        fixture.log.add("begun");
                        try {
                            gate.pass();
                        } catch (InterruptedException e) {
                            throw bad;
                        }
                        return "never";
                    }));
            return Fixture.until(() -> fixture.log.contains("begun"));
        });
        assertThat(reported)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .hasMessageContaining("task 'main/cut'")
                        .cause()
                        .isInstanceOf(CancelledException.class)
                        .satisfies(it -> assertThat(it.getSuppressed()).containsExactly(bad)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aStuckJobThatAnswersLateIsReportedAsStuckOnly(Answer answer) {
        interrupted(answer.error(), Duration.ofMillis(20));
        assertThat(reported).singleElement().isInstanceOf(StuckJobException.class);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aStuckJobThatFailsLateIsReportedTwice(Answer failure) {
        interrupted(failure.error(), Duration.ofMillis(20));
        assertThat(reported).hasSize(2).contains(failure.error());
    }

    @Test
    void aJobThatNobodyInterruptsAndThatFailsWithAnInterruptHasFailed() {
        InterruptedException somebodyElses = new InterruptedException();
        Offload pool = Offload.blocking(vertx, "io", 1);
        Outcome<Object> end = Tasks.run(vertx, () -> {
            Task<Object> task = Tasks.start(() -> pool.call(
                    "waited for",
                    () -> {
                        fixture.log.add("begun");
                        gate.pass();
                        throw somebodyElses;
                    },
                    OnCancel.WAIT));
            return Fixture.until(() -> fixture.log.contains("begun")).compose(v -> {
                task.cancel();
                gate.open();
                return task.settled();
            });
        });
        assertThat(Objects.requireNonNull(end).errorOrNull())
                .satisfies(it -> assertThat(it.getSuppressed()).containsExactly(somebodyElses));
    }

    @Test
    void theCancellationOfSomethingElseIsTheResultOfTheJob() {
        Throwable other = cancelled();
        Offload pool = Offload.blocking(vertx, "io", 1);
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> pool.call(() -> {
                            throw OffloadInterruptTest.<Exception>asIs(other);
                        })))
                .isSameAs(other);
    }

    @Test
    void aRealChannelClosedByTheInterruptIsNothingLost() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        Tasks.run(vertx, () -> {
            Tasks.start(() -> pool.call(() -> {
                fixture.log.add("begun");
                Pipe pipe = Pipe.open();
                try (Pipe.SinkChannel sink = pipe.sink();
                        Pipe.SourceChannel source = pipe.source()) {
                    return source.read(ByteBuffer.allocate(1)) + sink.validOps();
                }
            }));
            return Fixture.until(() -> fixture.log.contains("begun"));
        });
        assertThat(reported).isEmpty();
    }

    private enum Closing {
        VERTX,
        VERTX_WITH_A_VERTICLE,
        VERTICLE
    }

    @ParameterizedTest
    @EnumSource
    void anOrderlyCloseWithRunningAndQueuedJobsReportsNothing(Closing closing) throws Exception {
        for (int round = 0; round < 10; round++) {
            Vertx mine = Vertx.vertx();
            mine.exceptionHandler(reported::add);
            Offload pool = Offload.blocking(mine, "io", 2);
            CountDownLatch begun = new CountDownLatch(2);
            Runnable jobs = () -> {
                for (int i = 0; i < 4; i++) {
                    Tasks.start(
                            "job-" + i,
                            () -> pool.call(() -> {
                                begun.countDown();
                                gate.pass();
                                return "never";
                            }));
                }
            };
            String id = null;
            if (closing == Closing.VERTX) {
                mine.runOnContext(v -> jobs.run());
            } else {
                id = mine.deployVerticle(context -> {
                            jobs.run();
                            return Future.succeededFuture();
                        })
                        .await(20, TimeUnit.SECONDS);
            }
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            if (closing == Closing.VERTICLE) {
                mine.undeploy(id).await(20, TimeUnit.SECONDS);
            }
            mine.close().await(20, TimeUnit.SECONDS);
            assertThat(reported).as("round " + round).isEmpty();
        }
    }

    @Test
    void aShieldedJobCutByTheCloseOfItsVertxFailsByName() throws Exception {
        Vertx mine = Vertx.vertx();
        mine.exceptionHandler(reported::add);
        Offload pool = Offload.blocking(mine, "io", 1);
        CountDownLatch begun = new CountDownLatch(1);
        Task<Object> task = Tasks.start(
                mine,
                "saves",
                () -> Tasks.shield(() -> pool.call("save", () -> {
                    begun.countDown();
                    gate.pass();
                    return "never";
                })));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        mine.close().await(20, TimeUnit.SECONDS);
        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        assertThat(reported)
                .singleElement()
                .satisfies(report -> assertThat(report.getCause())
                        .isInstanceOf(ClosedException.class)
                        .hasMessage("pool 'io' was closed with its Vertx: job 'save' was interrupted")
                        .hasCauseInstanceOf(InterruptedException.class));
    }
}
