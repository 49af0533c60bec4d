package io.vertask.stream;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A publisher that serves each subscriber from a stream of its own, in a root task of one context. */
record ToPublisher<T>(Context context, Supplier<? extends AsyncIterator<T>> streams) implements Flow.Publisher<T> {
    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        ContextInternal root = ((ContextInternal) context).unwrap();
        root.runOnContext(v -> new Serving<T>(root, subscriber).start(streams));
    }

    /** One subscription. All signals come from its task or at its end, and so one after the other. */
    private static final class Serving<T> implements Flow.Subscription {
        private final ContextInternal root;
        private final Demand demand = new Demand(0, true);

        // guarded by this
        /** Null once the subscriber has cancelled or has had its last signal. */
        private Flow.@Nullable Subscriber<? super T> subscriber;

        private @Nullable Task<Void> task;
        private @Nullable IllegalArgumentException misuse;
        private boolean subscribed;

        Serving(ContextInternal root, Flow.Subscriber<? super T> subscriber) {
            this.root = root;
            this.subscriber = subscriber;
        }

        void start(Supplier<? extends AsyncIterator<T>> streams) {
            Task<Void> serving = Tasks.start(root, "subscription", () -> serve(streams));
            synchronized (this) {
                task = serving;
            }
            // outside any task: the end must be heard even when the task never began
            serving.settled().onSuccess(this::ended);
        }

        private Future<Void> serve(Supplier<? extends AsyncIterator<T>> streams) {
            subscribe();
            AsyncIterator<T> stream = streams.get();
            return Pump.run(stream, demand::wanted, element -> {
                demand.takeOne();
                signal(to -> to.onNext(element));
            });
        }

        private void subscribe() {
            if (!subscribed) {
                subscribed = true;
                signal(to -> to.onSubscribe(this));
            }
        }

        private void signal(Consumer<Flow.Subscriber<? super T>> signal) {
            Flow.Subscriber<? super T> to;
            synchronized (this) {
                to = subscriber;
            }
            if (to == null) {
                return;
            }
            try {
                signal.accept(to);
            } catch (Throwable thrown) {
                // the specification forbids that; a subscriber that throws counts as cancelled
                cancel();
                root.reportException(thrown);
            }
        }

        private void ended(Outcome<Void> end) {
            subscribe();
            Throwable error;
            boolean gone;
            synchronized (this) {
                error = misuse != null ? misuse : end.errorOrNull();
                gone = subscriber == null;
            }
            if (end instanceof Outcome.Failure<Void> failure) {
                // when the task was stopped, this is the failure of a cleanup
                if (gone) {
                    root.reportException(failure.error());
                } else if (error != null && error != failure.error()) {
                    error.addSuppressed(failure.error());
                }
            }
            signal(error == null ? Flow.Subscriber::onComplete : to -> to.onError(error));
            synchronized (this) {
                subscriber = null;
            }
        }

        @Override
        public void request(long more) {
            if (more > 0) {
                demand.add(more);
                return;
            }
            synchronized (this) {
                misuse = new IllegalArgumentException("request(" + more + "): §3.9 asks for more than 0");
            }
            stop();
        }

        @Override
        public void cancel() {
            synchronized (this) {
                subscriber = null;
            }
            stop();
        }

        private void stop() {
            Task<Void> serving;
            synchronized (this) {
                serving = task;
            }
            if (serving != null) {
                serving.cancel();
            }
        }
    }
}
