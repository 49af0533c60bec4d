package io.vertask.offload;

import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelledException;
import io.vertask.task.ClosedException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody waits for any more, or is too bad for one task alone, reaches the exception handler. */
class OffloadReportTest {
    private final Fixture fixture = new Fixture();
    private final Vertx vertx = fixture.vertx;
    private final Fixture.Gate gate = new Fixture.Gate();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    @BeforeEach
    void collect() {
        vertx.exceptionHandler(reported::add);
    }

    @AfterEach
    void close() throws Exception {
        gate.open();
        fixture.close();
    }

    /** Cancels {@code body} once it runs, and lets it go on without its task. */
    private <T> void abandoned(Callable<T> body) {
        Offload pool = Offload.blocking(vertx, "io", 1);
        Tasks.run(vertx, () -> {
            Task<T> task = Tasks.start(() -> pool.call(
                    "left",
                    () -> {
                        fixture.log.add("begun");
                        gate.passWhateverHappens();
                        return body.call();
                    },
                    OnCancel.ABANDON));
            return Fixture.until(() -> fixture.log.contains("begun"))
                    .compose(v -> task.cancelAndJoin())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        gate.open();
                        // behind it, on the one thread of the pool
                        return pool.call(() -> "next");
                    })
                    .compose(next -> Tasks.sleep(Duration.ZERO));
        });
    }

    @Test
    void theErrorOfAnAbandonedJobIsReported() {
        abandoned(() -> {
            throw bad;
        });
        assertThat(reported).containsExactly(bad);
    }

    @Test
    void anAbandonedJobThatHeedsItsCancelIsNothingToReport() {
        abandoned(() -> {
            assertThatThrownBy(Offload::checkCancelled).isInstanceOf(CancelledException.class);
            Offload.checkCancelled();
            return "never";
        });
        assertThat(reported).isEmpty();
    }

    @Test
    void anAbandonedJobThatIsInterruptedIsNothingToReport() {
        abandoned(() -> {
            throw new InterruptedException();
        });
        assertThat(reported).isEmpty();
    }

    @Test
    void aLateValueThatCannotBeClosedIsReported() {
        abandoned(() -> (AutoCloseable) () -> {
            throw bad;
        });
        assertThat(reported).containsExactly(bad);
    }

    @Test
    void anErrorOfTheMachineFailsTheCallAndIsReportedToo() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        for (Error error : List.of(new LinkageError("no such method"), new InternalError("broken"))) {
            reported.clear();
            assertThatThrownBy(() -> Tasks.run(
                            vertx,
                            () -> pool.call(() -> {
                                throw error;
                            })))
                    .isSameAs(error);
            Tasks.run(vertx, () -> Fixture.until(() -> reported.contains(error)));
            assertThat(reported).containsExactly(error);
        }
    }

    @Test
    void aListenerThatThrowsIsReportedAndNothingElseIsDifferent() {
        OffloadListener throwing = new OffloadListener() {
            @Override
            public void interrupted(String job, String thread) {
                throw bad;
            }
        };
        Offload pool = Offload.of(vertx, "io", OffloadOptions.threads(1).withListener(throwing));
        Tasks.run(vertx, () -> {
            Task<String> task = Tasks.start(() -> pool.call(() -> {
                fixture.log.add("begun");
                gate.pass();
                return "never";
            }));
            return Fixture.until(() -> fixture.log.contains("begun"))
                    .compose(v -> task.cancelAndJoin())
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)));
        });
        assertThat(reported).containsExactly(bad);
    }

    @Test
    void aStuckJobIsReportedAlsoWhenNobodyListens() {
        Offload pool = Offload.of(vertx, "io", OffloadOptions.threads(1).withInterruptLimit(Duration.ofMillis(50)));
        Tasks.run(vertx, () -> {
            Task<String> task = Tasks.start(() -> pool.call("deaf", () -> {
                fixture.log.add("begun");
                gate.passWhateverHappens();
                return "late";
            }));
            return Fixture.until(() -> fixture.log.contains("begun")).compose(v -> task.cancelAndJoin());
        });
        assertThat(reported).singleElement().isInstanceOf(StuckJobException.class);
        assertThat(pool).hasToString("pool 'io': 1 running, 0 queued");
    }

    @Test
    void aCloseInterruptsAJobWhoseTaskWasCancelledAndOnlyWaits() {
        Offload pool = Offload.of(vertx, "io", OffloadOptions.threads(1).withCloseLimit(Duration.ofMillis(50)));
        Tasks.run(vertx, () -> {
            Task<String> task = Tasks.start(() -> pool.call(
                    "waited for",
                    () -> {
                        fixture.log.add("begun");
                        try {
                            gate.pass();
                        } finally {
                            assertThatThrownBy(Offload::checkCancelled).isInstanceOf(CancelledException.class);
                            fixture.log.add("interrupted");
                        }
                        return "never";
                    },
                    OnCancel.WAIT));
            return Fixture.until(() -> fixture.log.contains("begun")).compose(v -> {
                task.cancel();
                return Future.join(pool.close(), task.settled());
            });
        });
        assertThat(fixture.log).containsExactly("begun", "interrupted");
    }

    @Test
    void aPoolThatWentWithItsVertxTakesNoJob() throws Exception {
        Vertx other = Vertx.vertx();
        Offload pool = Offload.blocking(other, "gone", 1);
        other.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> Tasks.run(vertx, () -> pool.call("late", () -> "never")))
                .isInstanceOf(ClosedException.class)
                .hasMessage("pool 'gone' was closed with its Vertx: job 'late' was not taken");
        assertThat(pool.running() + pool.queued()).isZero();
    }

    @Test
    void whereAThreadIsIsSaidAlsoWhenItIsInTheJdkOrNowhere() throws Exception {
        Thread parked = new Thread(java.util.concurrent.locks.LockSupport::park, "parked");
        assertThat(Diagnostics.of(parked)).isEqualTo("no code");
        Thread reference = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> "Reference Handler".equals(thread.getName()))
                .findFirst()
                .orElseThrow();
        assertThat(Diagnostics.of(reference)).matches("Reference\\.\\w+ \\(Reference\\.java(:\\d+)?\\)");
    }
}
