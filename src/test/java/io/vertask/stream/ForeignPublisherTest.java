package io.vertask.stream;

import static io.vertask.stream.Samples.turns;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Publishers and subscribers of others, at inconvenient moments. */
class ForeignPublisherTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    /** Says what its test says. */
    private class ByHand implements Flow.Publisher<Integer>, Flow.Subscription {
        private Flow.@Nullable Subscriber<? super Integer> subscriber;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> to) {
            subscriber = to;
            to.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            log.add("request " + n);
        }

        @Override
        public void cancel() {
            log.add("cancel");
        }

        Flow.Subscriber<? super Integer> to() {
            return Objects.requireNonNull(subscriber);
        }
    }

    private final ByHand publisher = new ByHand();

    @Test
    void afterItsEndAPublisherIsAskedForNothingMoreAndNotListenedTo() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Bridges.from(publisher, 3);
            Task<Optional<Integer>> first = Tasks.start(stream::next);
            return turns(3).compose(v -> {
                        publisher.to().onNext(1);
                        publisher.to().onNext(2);
                        publisher.to().onComplete();
                        return first.future();
                    })
                    .compose(v -> turns(3))
                    .compose(v -> {
                        publisher.to().onNext(3);
                        return stream.next();
                    })
                    .compose(second -> {
                        assertThat(second).contains(2);
                        return stream.next();
                    })
                    .onSuccess(end -> assertThat(end).isEmpty());
        }));
        assertThat(log).containsExactly("request 3");
    }

    /** Signals at will, from the moment of the subscription on. */
    private record Rude(Consumer<Flow.Subscriber<? super Integer>> signals) implements Flow.Publisher<Integer> {
        @Override
        public void subscribe(Flow.Subscriber<? super Integer> to) {
            signals.accept(to);
        }

        @Override
        public String toString() {
            return "rude";
        }
    }

    private String read(Consumer<Flow.Subscriber<? super Integer>> signals) {
        log.clear();
        List<Integer> got = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Streams.forEach(Bridges.from(new Rude(signals), 2), element -> {
            got.add(element);
            return turns(1);
        }));
        assertThat(run.unhandled()).isEmpty();
        Throwable error = run.outcome().errorOrNull();
        return got + (error == null ? "" : " " + error.getClass().getSimpleName() + ": " + error.getMessage());
    }

    @Test
    void whatComesAfterTheEndIsIgnored() {
        ByHand hand = publisher;
        assertThat(read(to -> {
                    to.onSubscribe(hand);
                    to.onNext(1);
                    to.onComplete();
                    to.onNext(2);
                    to.onError(new IllegalArgumentException("late"));
                    to.onComplete();
                }))
                .isEqualTo("[1]");
        assertThat(log).containsExactly("request 2");
        assertThat(read(to -> {
                    to.onSubscribe(hand);
                    to.onError(new IllegalArgumentException("first"));
                    to.onNext(2);
                    to.onError(new IllegalArgumentException("second"));
                }))
                .isEqualTo("[] IllegalArgumentException: first");
    }

    @Test
    void moreThanRequestedFailsTheStreamAfterTheElementsThatWereRequested() {
        assertThat(read(to -> {
                    to.onSubscribe(publisher);
                    for (int i = 1; i < 100; i++) {
                        to.onNext(i);
                    }
                    to.onComplete();
                }))
                .isEqualTo("[1, 2] IllegalStateException: publisher rude signalled more elements than were requested"
                        + " (rule 1.1)");
        assertThat(log).containsExactly("request 2", "cancel");
    }

    @Test
    void anElementForEachRequestIsNeverTooMuch() {
        assertThat(read(to -> to.onSubscribe(new Flow.Subscription() {
                    private int next;

                    @Override
                    public void request(long n) {
                        for (long i = 0; i < n; i++) {
                            if (++next == 500) {
                                to.onComplete();
                            } else if (next < 500) {
                                to.onNext(next);
                            }
                        }
                    }

                    @Override
                    public void cancel() {
                        log.add("cancel");
                    }
                })))
                .startsWith("[1, 2, 3, ")
                .endsWith(", 498, 499]");
        assertThat(log).isEmpty();
    }

    @Test
    void signalsBeforeTheSubscriptionFailTheStream() {
        assertThat(read(to -> {
                    to.onNext(1);
                    to.onSubscribe(publisher);
                }))
                .isEqualTo(
                        "[] IllegalStateException: publisher rude signalled an element before onSubscribe (rule 1.9)");
        assertThat(log).containsExactly("cancel");
        assertThat(read(Flow.Subscriber::onComplete))
                .isEqualTo("[] IllegalStateException: publisher rude completed before onSubscribe (rule 1.9)");
        assertThat(read(to -> to.onError(new IllegalArgumentException("no subscription"))))
                .isEqualTo("[] IllegalArgumentException: no subscription");
    }

    @Test
    void aSecondSubscriptionIsCancelledAndTheFirstGoesOn() {
        Flow.Subscription second = new ByHand() {
            @Override
            public void cancel() {
                log.add("second cancelled");
            }
        };
        assertThat(read(to -> {
                    to.onSubscribe(publisher);
                    to.onSubscribe(second);
                    to.onNext(1);
                    to.onComplete();
                }))
                .isEqualTo("[1]");
        assertThat(log).containsExactly("request 2", "second cancelled");
    }

    @Test
    @SuppressWarnings("NullAway") // the rule is about null
    void nullIsThrownBackAndEndsTheStreamInsteadOfHanging() {
        List<Consumer<Flow.Subscriber<? super Integer>>> signals =
                List.of(to -> to.onNext(null), to -> to.onError(null), to -> to.onSubscribe(null));
        List<String> what = List.of("element", "error", "subscription");
        for (int i = 0; i < signals.size(); i++) {
            Consumer<Flow.Subscriber<? super Integer>> signal = signals.get(i);
            String message = "publisher rude signalled null as its " + what.get(i) + " (rule 2.13)";
            assertThat(read(to -> {
                        to.onSubscribe(publisher);
                        assertThatNullPointerException()
                                .isThrownBy(() -> signal.accept(to))
                                .withMessage(message);
                    }))
                    .isEqualTo("[] NullPointerException: " + message);
            assertThat(log).containsExactly("request 2", "cancel");
        }
    }

    @Test
    void aSubscriptionThatThrowsFailsTheStream() {
        assertThat(read(to -> to.onSubscribe(new ByHand() {
                    @Override
                    public void request(long n) {
                        throw new IllegalArgumentException("no");
                    }
                })))
                .isEqualTo("[] IllegalStateException: publisher rude threw in request (rule 3.16)");
        assertThat(log).containsExactly("cancel");
    }

    @Test
    void aPublisherThatThrowsInSubscribeFailsTheStream() {
        assertThat(read(to -> {
                    throw new IllegalArgumentException("no");
                }))
                .isEqualTo("[] IllegalArgumentException: no");
    }

    @Test
    void signalsOfManyThreadsAtOnceNeverGiveMoreThanRequested() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            for (int round = 0; round < 50; round++) {
                List<Thread> threads = new ArrayList<>();
                Task<List<Integer>> all = Tasks.start(
                        vertx,
                        "reader",
                        () -> Streams.toList(
                                Bridges.from(
                                        new Rude(to -> {
                                            to.onSubscribe(new ByHand());
                                            for (int i = 0; i < 4; i++) {
                                                Thread thread = new Thread(() -> {
                                                    for (int n = 0; n < 100; n++) {
                                                        to.onNext(n);
                                                    }
                                                    to.onComplete();
                                                });
                                                threads.add(thread);
                                                thread.start();
                                            }
                                        }),
                                        3),
                                1_000));
                try {
                    assertThat(all.future().await(20, TimeUnit.SECONDS)).hasSizeLessThanOrEqualTo(400);
                } catch (IllegalStateException broken) {
                    assertThat(broken).hasMessageContaining("rule 1.1");
                }
                for (Thread thread : threads) {
                    thread.join(20_000);
                }
            }
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPullWhoseElementIsOnItsWayIsStillAPull() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Bridges.from(publisher, 3);
            Task<Optional<Integer>> first = Tasks.start(stream::next);
            return turns(3).compose(v -> {
                        publisher.to().onNext(1);
                        return stream.next();
                    })
                    .transform(second -> {
                        assertThat(second.cause())
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("two pulls");
                        return first.future();
                    })
                    .compose(one -> {
                        assertThat(one).contains(1);
                        return stream.close();
                    });
        }));
    }

    @Test
    void anElementOnItsWayToAPullThatIsCancelledIsDroppedOnceTheStreamIsClosed() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Bridges.from(publisher, 3);
            Task<Optional<Integer>> first = Tasks.start(stream::next);
            return turns(3).compose(v -> {
                        publisher.to().onNext(1);
                        Future<Void> closed = stream.close();
                        first.cancel();
                        return closed;
                    })
                    .compose(v -> first.settled())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        return stream.next();
                    })
                    .onSuccess(end -> assertThat(end).isEmpty());
        }));
        assertThat(log).containsExactly("request 3", "cancel");
    }

    /** Takes two elements, then ends its subscription. */
    private static final class TakesTwo implements Flow.Subscriber<Integer> {
        private final Consumer<Flow.Subscription> ending;
        private final List<Throwable> errors = new ArrayList<>();
        private Flow.@Nullable Subscription subscription;

        TakesTwo(Consumer<Flow.Subscription> ending) {
            this.ending = ending;
        }

        @Override
        public void onSubscribe(Flow.Subscription to) {
            subscription = to;
            to.request(5);
        }

        @Override
        public void onNext(Integer element) {
            if (element == 2) {
                ending.accept(Objects.requireNonNull(subscription));
            }
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void aCleanupThatFailsWhenItsSubscriberHasGoneIsReported() {
        IllegalStateException bad = new IllegalStateException("bad");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Bridges.toPublisher(Vertx.currentContext(), () -> jammed(bad))
                    .subscribe(new TakesTwo(Flow.Subscription::cancel));
            return ms(1);
        });
        assertThat(run.unhandled()).containsExactly(bad);
    }

    @Test
    void aCleanupThatFailsAfterAMisuseIsSuppressedInItsError() {
        IllegalStateException bad = new IllegalStateException("bad");
        TakesTwo subscriber = new TakesTwo(subscription -> subscription.request(0));
        resultOf(VirtualRun.of(() -> {
            Bridges.toPublisher(Vertx.currentContext(), () -> jammed(bad)).subscribe(subscriber);
            return ms(1);
        }));
        assertThat(subscriber.errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasSuppressedException(bad));
    }

    private static AsyncIterator<Integer> jammed(Throwable error) {
        return AsyncGenerator.of(emitter ->
                Tasks.finallyDo(() -> Tasks.forEach(Samples.upTo(9), emitter::emit), () -> Future.failedFuture(error)));
    }

    @Test
    void aSubscriberThatThrowsHasCancelledByThatAndItsErrorIsReported() {
        IllegalStateException bad = new IllegalStateException("bad");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Flow.Publisher<Integer> ours = Bridges.toPublisher(Vertx.currentContext(), () -> Samples.counting(10, log));
            ours.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(5);
                }

                @Override
                public void onNext(Integer element) {
                    log.add("got " + element);
                    throw bad;
                }

                @Override
                public void onError(Throwable error) {
                    log.add("error");
                }

                @Override
                public void onComplete() {
                    log.add("complete");
                }
            });
            return ms(200);
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).contains(bad);
        assertThat(log).containsExactly("begin", "make 1", "got 1", "cleanup");
    }
}
