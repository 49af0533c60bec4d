package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The subscriber behind a stream made from a publisher: it requests a few elements, and one more whenever one has been
 * taken.
 *
 * <p><b>Threads.</b> Any.
 */
final class FromPublisher<T> implements Flow.Subscriber<T> {
    private final int most;
    private final Inbox<T> inbox;
    private final Waiter<Void> end;

    // guarded by this
    private Flow.@Nullable Subscription subscription;
    private boolean over;

    FromPublisher(int most, Inbox<T> inbox, Waiter<Void> end) {
        this.most = most;
        this.inbox = inbox;
        this.end = end;
    }

    static <T> AsyncIterator<T> of(Flow.Publisher<T> source, int most) {
        return new ProducerIterator<>("subscriber", "publisher " + source, inbox -> serve(source, most, inbox));
    }

    private static <T> Future<Void> serve(Flow.Publisher<T> source, int most, Inbox<T> inbox) {
        return Waiter.await("the end of a publisher", wait -> {
            FromPublisher<T> subscriber = new FromPublisher<>(most, inbox, wait);
            wait.onCancel(cause -> subscriber.cancel());
            source.subscribe(subscriber);
        });
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        Objects.requireNonNull(offered, "subscription");
        boolean wanted;
        synchronized (this) {
            wanted = subscription == null && !over;
            subscription = wanted ? offered : subscription;
        }
        if (wanted) {
            offered.request(most);
        } else {
            offered.cancel();
        }
    }

    @Override
    public void onNext(T element) {
        inbox.put(Objects.requireNonNull(element, "element"), this::requestOne);
    }

    private void requestOne() {
        Flow.Subscription open;
        synchronized (this) {
            open = over ? null : subscription;
        }
        if (open != null) {
            open.request(1);
        }
    }

    @Override
    public void onError(Throwable error) {
        Objects.requireNonNull(error, "error");
        stop();
        end.fail(error);
    }

    @Override
    public void onComplete() {
        stop();
        end.resume(null);
    }

    private boolean cancel() {
        Flow.Subscription open = stop();
        if (open != null) {
            open.cancel();
        }
        return true;
    }

    /** Ends the subscription, and gives it if it was open. */
    private synchronized Flow.@Nullable Subscription stop() {
        Flow.Subscription open = subscription;
        over = true;
        subscription = null;
        return open;
    }
}
