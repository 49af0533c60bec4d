package io.vertask.offload;

import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OffloadCancelTest {
    private final Fixture fixture = new Fixture();
    private final Vertx vertx = fixture.vertx;
    private final Fixture.Gate gate = new Fixture.Gate();
    private final Offload pool = Offload.of(
            vertx,
            "io",
            OffloadOptions.threads(1).withListener(fixture.listener()).withInterruptLimit(Duration.ofMillis(200)));

    @AfterEach
    void close() throws Exception {
        gate.open();
        fixture.close();
    }

    private Future<Void> running() {
        return Fixture.until(() -> fixture.log.contains("begun"));
    }

    @Test
    @Tag("semantics-133")
    void aJobThatIsCancelledInTheQueueNeverRuns() {
        Tasks.run(vertx, () -> {
            Task<Boolean> first = Tasks.start(() -> pool.call("first", () -> {
                fixture.log.add("begun");
                gate.pass();
                return true;
            }));
            Task<Boolean> queued = Tasks.start(() -> pool.call("queued", () -> fixture.log.add("must not run")));
            Task<Boolean> last = Tasks.start(() -> pool.call("last", () -> fixture.log.add("last")));
            return running()
                    .compose(v -> Fixture.until(() -> pool.queued() == 2))
                    .compose(v -> {
                        queued.cancel();
                        assertThat(pool.queued()).isEqualTo(1);
                        return queued.settled();
                    })
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        gate.open();
                        return Tasks.gather(first::future, last::future);
                    });
        });
        assertThat(fixture.log).containsExactly("begun", "taken back queued", "last");
    }

    @Test
    @Tag("semantics-134")
    void anInterruptedThreadHasLeftTheJobWhenTheTaskGoesOn() {
        Outcome<Integer> end = Tasks.run(vertx, () -> {
            Context loop = Vertx.currentContext();
            Task<Integer> task = Tasks.start(() -> pool.call("sleeper", () -> {
                fixture.log.add("begun");
                try {
                    gate.pass();
                    return 1;
                } finally {
                    // the interrupt has been thrown; this is the job's own cleanup, which the loop has time to overtake
                    CountDownLatch turns = new CountDownLatch(1);
                    loop.runOnContext(one -> loop.runOnContext(two -> turns.countDown()));
                    assertThat(turns.await(10, TimeUnit.SECONDS)).isTrue();
                    fixture.log.add("left");
                }
            }));
            return running().compose(v -> task.cancelAndJoin()).compose(asserting(v -> {
                fixture.log.add("joined");
                assertThat(pool.running()).isZero();
            }));
        });
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(fixture.log).containsExactly("begun", "interrupted sleeper on io-0", "left", "joined");
    }

    @Test
    @Tag("semantics-134")
    void anAbandonedJobGoesOnWithoutItsTaskAndKeepsItsSlot() {
        AtomicBoolean closed = new AtomicBoolean();
        Tasks.run(vertx, () -> {
            Task<AutoCloseable> task = Tasks.start(() -> pool.call(
                    "deaf",
                    () -> {
                        fixture.log.add("begun");
                        gate.pass();
                        return () -> closed.set(true);
                    },
                    OnCancel.ABANDON));
            return running().compose(v -> task.cancelAndJoin()).compose(end -> {
                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                assertThat(pool.running()).isEqualTo(1);
                gate.open();
                return Fixture.until(() -> pool.running() == 0 && closed.get());
            });
        });
        assertThat(fixture.log).containsExactly("begun");
    }

    @Test
    @Tag("semantics-134")
    void aJobThatIsWaitedForIsNotInterrupted() {
        Tasks.run(vertx, () -> {
            Task<Boolean> task = Tasks.start(() -> pool.call(
                    "steady",
                    () -> {
                        fixture.log.add("begun");
                        gate.pass();
                        return fixture.log.add("done");
                    },
                    OnCancel.WAIT));
            return running()
                    .compose(v -> {
                        task.cancel();
                        return Tasks.sleep(Duration.ofMillis(50));
                    })
                    .compose(v -> {
                        assertThat(task.state()).isEqualTo(Task.State.CANCELLING);
                        gate.open();
                        return task.settled();
                    })
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)));
        });
        assertThat(fixture.log).containsExactly("begun", "done");
    }

    @Test
    void aValueThatComesTooLateIsClosed() {
        AtomicBoolean closed = new AtomicBoolean();
        Tasks.run(vertx, () -> {
            Task<AutoCloseable> task = Tasks.start(() -> pool.call(
                    "opener",
                    () -> {
                        fixture.log.add("begun");
                        gate.passWhateverHappens();
                        return () -> closed.set(Context.isOnWorkerThread());
                    },
                    OnCancel.WAIT));
            return running()
                    .compose(v -> {
                        task.cancel();
                        gate.open();
                        return task.settled();
                    })
                    .compose(v -> Fixture.until(closed::get));
        });
    }

    @Test
    @Tag("semantics-135")
    @Tag("semantics-137")
    void aThreadThatIgnoresItsInterruptIsReportedByNameAndKeepsItsSlot() {
        AtomicBoolean flag = new AtomicBoolean(true);
        StringBuilder reported = new StringBuilder();
        Tasks.run(vertx, () -> {
            Context context = Vertx.currentContext();
            context.exceptionHandler(e -> reported.append(e.getMessage()));
            Task<Void> task = Tasks.start(() -> pool.call("deaf", () -> {
                fixture.log.add("begun");
                gate.passWhateverHappens();
                return null;
            }));
            return running()
                    .compose(v -> task.cancelAndJoin())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(pool.running()).isEqualTo(1);
                        gate.open();
                        return pool.call(() -> Thread.currentThread().isInterrupted());
                    })
                    .onSuccess(flag::set);
        });
        assertThat(flag).isFalse();
        assertThat(fixture.log).containsExactly("begun", "interrupted deaf on io-0", "stuck [deaf]");
        assertThat(reported.toString())
                .matches("thread io-0 ignored interrupt for 200ms in Fixture\\$Gate.passWhateverHappens"
                        + " \\(Fixture.java:\\d+\\)");
    }

    @Test
    @Tag("semantics-136")
    void aJobMayAskWhetherItShouldStop() {
        AtomicBoolean right = new AtomicBoolean();
        Tasks.run(vertx, () -> {
            Task<Void> task = Tasks.start(() -> pool.call(
                    "computing",
                    () -> {
                        fixture.log.add("begun");
                        try {
                            while (true) {
                                Offload.checkCancelled();
                                Thread.onSpinWait();
                            }
                        } catch (CancelledException stop) {
                            right.set("enough".equals(stop.reason().detail()));
                            throw stop;
                        }
                    },
                    OnCancel.WAIT));
            return running()
                    .compose(v -> task.cancelAndJoin(CancelReason.user("enough")))
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)));
        });
        assertThat(right).isTrue();
    }

    @Test
    @Tag("semantics-136")
    void outsideAJobTheQuestionDoesNothing() {
        assertThatCode(Offload::checkCancelled).doesNotThrowAnyException();
    }
}
