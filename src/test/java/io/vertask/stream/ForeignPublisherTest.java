package io.vertask.stream;

import static io.vertask.stream.Samples.turns;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Publishers and subscribers of others, at inconvenient moments. */
class ForeignPublisherTest {
    private final List<String> log = new ArrayList<>();

    /** Says what its test says. */
    private final class ByHand implements Flow.Publisher<Integer>, Flow.Subscription {
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
