package io.vertask.task;

import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WaiterTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static Task<?> me() {
        return Task.current().orElseThrow();
    }

    @Test
    void theFirstSignalCountsAndLaterOnesAreTheCallers() {
        List<Boolean> taken = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Waiter.await("a value", wait -> {
            taken.add(wait.resume("first"));
            taken.add(wait.resume("second"));
            taken.add(wait.fail(bad));
        }));
        assertThat(resultOf(run)).isEqualTo("first");
        assertThat(taken).containsExactly(true, false, false);
    }

    @Test
    void aWakeUpNeverRunsInsideTheCallThatCausedIt() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            List<Waiter<Void>> waits = new ArrayList<>();
            Task<Void> waiting =
                    Tasks.start(() -> Waiter.<Void>await("a value", waits::add).onSuccess(v -> log.add("woken")));
            return ms(1).compose(v -> {
                waits.get(0).resume(null);
                log.add("after resume");
                return waiting.future();
            });
        }));
        assertThat(log).containsExactly("after resume", "woken");
    }

    @Test
    void whatTheStartThrowsIsWhatTheWaitFailsWith() {
        assertThat(failureOf(VirtualRun.of(() -> Waiter.await("a value", wait -> {
                    throw bad;
                }))))
                .isSameAs(bad);
        VirtualRun<String> twice = VirtualRun.of(() -> Waiter.await("a value", wait -> {
            wait.resume("value");
            throw bad;
        }));
        assertThat(twice.outcome()).isEqualTo(new Outcome.Success<>("value"));
        assertThat(twice.unhandled()).containsExactly(bad);
    }

    @Test
    void outsideATaskItIsRefused() {
        assertThatThrownBy(() -> Waiter.await("a value", wait -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside any task");
    }

    @Test
    @Tag("semantics-31")
    void anAbortHookRegisteredAfterTheCancelIsCalledAtOnceAndOnce() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> Waiter.await("a value", wait -> {
            me().cancel();
            wait.onCancel(cause -> log.add("aborted"));
            log.add("registered");
            me().cancel();
        })));
        assertThat(log).containsExactly("aborted", "registered");
    }

    @Test
    @Tag("semantics-31")
    void aHookThatSaysItIsEndingKeepsTheWaitAlsoWhenItComesAfterTheCancel() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> Waiter.<Void>await("a value", wait -> {
                    Tasks.shield(() -> ms(50).onSuccess(v -> {
                        log.add("operation over");
                        wait.fail(bad);
                    }));
                    me().cancel();
                    wait.onCancel(cause -> false);
                })
                .onFailure(e -> {
                    log.add("wait over");
                    assertThat(e.getSuppressed()).containsExactly(bad);
                })));
        assertThat(log).containsExactly("operation over", "wait over");
    }

    @Test
    @Tag("semantics-31")
    void noHookIsCalledAfterTheValueCame() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> Waiter.<String>await("a value", wait -> {
                    wait.onCancel(cause -> log.add("aborted"));
                    wait.resume("value");
                })
                .compose(v -> {
                    me().cancel();
                    return ms(1);
                })));
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-32")
    void aCancelThatComesBeforeTheTurnWinsAndTheValueIsDisposedOfOnce() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> Waiter.<String>await("a value", wait -> {
            wait.onCancel(cause -> log.add("aborted"));
            wait.onUndelivered(log::add);
            wait.resume("value");
            me().cancel();
        })));
        assertThat(log).containsExactly("value");
    }

    @Test
    @Tag("semantics-32")
    void aValueThatComesAfterTheWaitIsOverIsDisposedOfOnce() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            List<Waiter<String>> waits = new ArrayList<>();
            return Tasks.timeout(
                            Duration.ofMillis(1),
                            () -> Waiter.<String>await("a value", wait -> {
                                wait.onUndelivered(log::add);
                                waits.add(wait);
                            }))
                    .recover(e -> {
                        assertThat(waits.get(0).resume("late")).isTrue();
                        assertThat(waits.get(0).resume("later")).isFalse();
                        return ms(1).map("x");
                    });
        }));
        assertThat(log).containsExactly("late");
    }

    @Test
    @Tag("semantics-31")
    void anOperationThatFailsWithItsVeryCancelEndsTheWaitWithThatAlone() {
        List<Throwable> ends = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Waiter.<Void>await("a value", wait -> {
                    wait.onCancel(cause -> {
                        wait.fail(cause);
                        return false;
                    });
                    me().cancel();
                })
                .onFailure(ends::add));
        assertThat(ends).containsExactly(cancelOf(run));
        assertThat(cancelOf(run)).hasNoSuppressedExceptions();
        assertThat(run.unhandled()).isEmpty();
    }

    private static Waiter.Receipt<String> receipt(List<String> log) {
        return new Waiter.Receipt<>() {
            @Override
            public void delivered() {
                log.add("delivered");
            }

            @Override
            public void accept(String late) {
                log.add("late " + late);
            }
        };
    }

    @Test
    void aReceiptHearsOfTheValueBeforeTheBodyAndOfNothingElseOnce() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> good = VirtualRun.of(() -> Waiter.<String>await(
                        "a value", wait -> wait.onUndelivered(receipt(log)).resume("x"))
                .onSuccess(value -> log.add("body")));
        assertThat(good.outcome().isSuccess()).isTrue();
        VirtualRun.of(() -> Waiter.<String>await(
                "a value", wait -> wait.onUndelivered(receipt(log)).fail(bad)));
        VirtualRun.of(() -> Tasks.gather(() -> Waiter.<String>await("a value", wait -> {
            wait.onUndelivered(receipt(log)).resume("y");
            me().cancel();
        })));
        assertThat(log).containsExactly("delivered", "body", "late y");
    }

    @Test
    void theHooksRunInTheContextOfTheWaitAndMayThrow() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            List<Waiter<String>> waits = new ArrayList<>();
            Task<String> waiting = Tasks.start(
                    "waiting",
                    () -> Waiter.<String>await("a value", wait -> {
                        wait.onCancel(cause -> {
                            log.add("abort in " + me().name());
                            throw bad;
                        });
                        wait.onUndelivered(late -> {
                            log.add("dispose in " + me().name());
                            throw bad;
                        });
                        waits.add(wait);
                    }));
            return ms(1).compose(v -> waiting.cancelAndJoin())
                    .onSuccess(v -> waits.get(0).resume("late"))
                    .compose(v -> ms(1));
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).containsOnly(bad);
        assertThat(log).containsExactly("abort in waiting", "dispose in waiting");
    }

    @Test
    @Tag("semantics-32")
    void aForeignThreadsValueAndACancelNeverBothWin() throws InterruptedException {
        AtomicInteger left = new AtomicInteger(200_000);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger disposed = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        ConcurrentLinkedQueue<Waiter<String>> offered = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread foreign = new Thread(
                () -> {
                    while (!over.get()) {
                        Waiter<String> wait = offered.poll();
                        if (wait == null) {
                            Thread.onSpinWait();
                        } else if (!wait.resume("value")) {
                            refused.incrementAndGet();
                        }
                    }
                },
                "foreign");
        foreign.setDaemon(true);
        foreign.start();
        Tasks.run(() -> Tasks.loopWhile(() -> {
                    Task<String> waiting = Tasks.start(() -> Waiter.<String>await("a value", wait -> {
                                begun.incrementAndGet();
                                wait.onUndelivered(v -> disposed.incrementAndGet());
                                offered.add(wait);
                            })
                            .onSuccess(v -> delivered.incrementAndGet()));
                    // a turn or more for the body to begin, then the cancel races with the value
                    int turns = 1 + left.get() % 3;
                    return Tasks.forEach(Collections.nCopies(turns, 0), i -> Tasks.sleep(Duration.ZERO))
                            .compose(v -> waiting.cancelAndJoin())
                            .map(v -> left.decrementAndGet() > 0);
                })
                // the last values may still be on their way
                .compose(v -> Tasks.timeout(
                        Duration.ofSeconds(20),
                        () -> Tasks.loopWhile(() -> ms(5).map(w -> delivered.get() + disposed.get() < begun.get())))));
        over.set(true);
        foreign.join(10_000);
        assertThat(begun).hasValue(200_000);
        assertThat(delivered.get() + disposed.get()).isEqualTo(200_000);
        assertThat(delivered).hasPositiveValue();
        assertThat(disposed).hasPositiveValue();
        assertThat(refused).hasValue(0);
    }

    @Test
    void aHookRegisteredAfterTheCancelIsNotCalledOnceTheValueHasCome() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> Waiter.<String>await("a value", wait -> {
            wait.onUndelivered(late -> log.add("disposed of " + late));
            me().cancel();
            wait.resume("it");
            wait.onCancel(cause -> log.add("hook"));
        })));
        assertThat(log).containsExactly("disposed of it");
    }

    @Test
    void outsideIsSaidOnceHoweverOftenAndNotOfAWaitThatIsOver() {
        resultOf(VirtualRun.of(() -> {
            Waiter.<Void>await("nothing", wait -> {
                wait.completeAtOnce(null);
                wait.outside();
            });
            return Waiter.<Void>await("a value", wait -> {
                        wait.outside().outside();
                        wait.resume(null);
                    })
                    // would hang if the clock still stood
                    .compose(v -> ms(1));
        }));
    }
}
