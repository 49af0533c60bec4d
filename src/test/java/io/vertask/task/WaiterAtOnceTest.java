package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WaiterAtOnceTest {
    @Test
    void aWaitThatNeedNotWaitIsOverWithoutATurn() {
        assertThat(Tasks.run(() -> {
                    Future<String> it = Waiter.await("nothing", w -> w.completeAtOnce("value"));
                    return Future.succeededFuture(it.isComplete() ? it.result() : "not yet");
                }))
                .isEqualTo("value");
    }

    @Test
    void onceBegunItWaitsItsTurn() {
        assertThat(Tasks.run(() -> {
                    List<Waiter<String>> begun = new ArrayList<>();
                    Future<String> it = Waiter.await("something", begun::add);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> begun.get(0).completeAtOnce("now"))
                            .withMessageContaining("'something' has begun to wait");
                    begun.get(0).resume("later");
                    return it;
                }))
                .isEqualTo("later");
    }

    @Test
    void whatIsThereAlreadyIsTakenWithoutAWait() {
        List<Waiter<?>> begun = new ArrayList<>();
        assertThat(Tasks.run(() -> {
                    Future<String> polled = Waiter.pollOrAwait("a value", () -> "value", begun::add);
                    Future<Void> tried = Waiter.tryOrAwait("nothing", () -> true, begun::add);
                    assertThat(tried.succeeded()).isTrue();
                    return Future.succeededFuture(polled.result());
                }))
                .isEqualTo("value");
        assertThat(begun).isEmpty();
    }

    @Test
    void whatIsNotThereYetIsWaitedFor() {
        assertThat(Tasks.run(() -> Waiter.<String>pollOrAwait("a value", () -> null, wait -> wait.resume("later"))))
                .isEqualTo("later");
        Tasks.run(() -> {
            Future<Void> tried = Waiter.tryOrAwait("a turn", () -> false, wait -> wait.resume(null));
            assertThat(tried.isComplete()).isFalse();
            return tried;
        });
    }

    @Test
    void whatTheAttemptThrowsIsTheFailure() {
        Supplier<Future<?>> polling = () -> Waiter.pollOrAwait(
                "a value",
                () -> {
                    throw new ClosedException("shut");
                },
                wait -> {});
        Supplier<Future<?>> trying = () -> Waiter.tryOrAwait(
                "a turn",
                () -> {
                    throw new ClosedException("shut");
                },
                wait -> {});
        for (Supplier<Future<?>> asking : List.of(polling, trying)) {
            Tasks.run(() -> {
                assertThat(asking.get().cause()).isInstanceOf(ClosedException.class);
                return Future.succeededFuture();
            });
        }
    }

    @Test
    void inACancelledScopeNothingIsTaken() {
        List<String> asked = new ArrayList<>();
        Outcome<Object> end = Tasks.run(() -> Tasks.start(() -> {
                    Task.current().orElseThrow().cancel();
                    Future<String> polled = Waiter.pollOrAwait(
                            "a value",
                            () -> {
                                asked.add("polled");
                                return "value";
                            },
                            wait -> {});
                    Future<Void> tried = Waiter.tryOrAwait("a turn", () -> asked.add("tried"), wait -> {});
                    assertThat(polled.cause()).isInstanceOf(CancelledException.class);
                    assertThat(tried.cause()).isInstanceOf(CancelledException.class);
                    return tried.mapEmpty();
                })
                .settled());
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void aWaitHasOneValueHoweverItComes() {
        List<Throwable> unhandled = new ArrayList<>();
        String both = Tasks.run(() -> {
            Vertx.currentContext().exceptionHandler(unhandled::add);
            Future<String> resumed = Waiter.await("something", w -> {
                w.resume("first");
                w.completeAtOnce("second");
            });
            Future<String> completed = Waiter.await("something", w -> {
                w.completeAtOnce("third");
                w.completeAtOnce("fourth");
            });
            return Future.all(resumed, completed).map(v -> resumed.result() + " " + completed.result());
        });
        assertThat(both).isEqualTo("first third");
        assertThat(unhandled)
                .hasSize(2)
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("'something' has begun to wait or is over; end it with resume or fail"));
    }

    @Test
    void aWaitThatIsOverAtOnceIsNotCancelledByWhatItsStartDoes() {
        List<Waiter<String>> starting = new ArrayList<>();
        List<Future<String>> ended = new ArrayList<>();
        assertThatThrownBy(() -> Tasks.run(() -> {
                    // told first of the cancel, and ends the other one
                    Waiter.await(
                            "first",
                            w -> w.onCancel(cause -> {
                                starting.get(0).completeAtOnce("value");
                                return true;
                            }));
                    ended.add(Waiter.await("second", w -> {
                        starting.add(w);
                        Task.current().orElseThrow().cancel();
                    }));
                    return Future.succeededFuture();
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(ended.get(0).result()).isEqualTo("value");
    }
}
