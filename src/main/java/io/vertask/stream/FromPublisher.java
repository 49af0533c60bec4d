package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The subscriber behind a stream made from a publisher: it requests a few elements, and one more whenever one has been
 * taken.
 *
 * <p><b>Failure.</b> A publisher that breaks a rule of Reactive Streams fails the stream, after the elements before it,
 * with an {@link IllegalStateException} that names the publisher and the rule, and is cancelled. What a publisher
 * signals after its end or its cancellation is ignored.
 *
 * <p><b>Threads.</b> Any.
 */
final class FromPublisher<T> implements Flow.Subscriber<T> {
    /** The publisher, for messages. */
    private final String source;

    private final int most;
    private final Inbox<T> inbox;
    private final Waiter<Void> end;

    // guarded by this
    private Flow.@Nullable Subscription subscription;
    /** The number of elements that were requested and have not come. */
    private int requested;

    private boolean over;

    FromPublisher(String source, int most, Inbox<T> inbox, Waiter<Void> end) {
        this.source = source;
        this.most = most;
        this.inbox = inbox;
        this.end = end;
    }

    static <T> AsyncIterator<T> of(Flow.Publisher<T> source, int most) {
        return new ProducerIterator<>("subscriber", "publisher " + source, inbox -> serve(source, most, inbox));
    }

    private static <T> Future<Void> serve(Flow.Publisher<T> source, int most, Inbox<T> inbox) {
        return Waiter.await("the end of a publisher", wait -> {
            FromPublisher<T> subscriber = new FromPublisher<>("publisher " + source, most, inbox, wait);
            wait.onCancel(cause -> subscriber.cancel());
            source.subscribe(subscriber);
        });
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        checkNotNull(offered, "subscription");
        boolean wanted;
        synchronized (this) {
            wanted = subscription == null && !over;
            subscription = wanted ? offered : subscription;
            requested = wanted ? most : requested;
        }
        if (wanted) {
            request(offered, most);
        } else {
            offered.cancel();
        }
    }

    @Override
    public void onNext(T element) {
        checkNotNull(element, "element");
        String broken;
        synchronized (this) {
            if (over) {
                return;
            }
            broken = subscription == null
                    ? "signalled an element before onSubscribe (rule 1.9)"
                    : requested == 0 ? "signalled more elements than were requested (rule 1.1)" : null;
            requested -= broken == null ? 1 : 0;
        }
        if (broken == null) {
            inbox.put(element, this::requestOne);
        } else {
            fail(new IllegalStateException(source + " " + broken));
        }
    }

    private void requestOne() {
        Flow.Subscription open;
        synchronized (this) {
            open = over ? null : subscription;
            requested += open == null ? 0 : 1;
        }
        if (open != null) {
            request(open, 1);
        }
    }

    private void request(Flow.Subscription open, int n) {
        try {
            open.request(n);
        } catch (Throwable thrown) {
            fail(new IllegalStateException(source + " threw in request (rule 3.16)", thrown));
        }
    }

    @Override
    public void onError(Throwable error) {
        checkNotNull(error, "error");
        synchronized (this) {
            if (over) {
                return;
            }
        }
        stop();
        end.fail(error);
    }

    @Override
    public void onComplete() {
        boolean early;
        synchronized (this) {
            if (over) {
                return;
            }
            early = subscription == null;
        }
        if (early) {
            fail(new IllegalStateException(source + " completed before onSubscribe (rule 1.9)"));
        } else {
            stop();
            end.resume(null);
        }
    }

    /** Ends the stream of a publisher that signalled null, which rule 2.13 forbids, and throws as that rule says. */
    private void checkNotNull(@Nullable Object signalled, String what) {
        if (signalled == null) {
            NullPointerException broken =
                    new NullPointerException(source + " signalled null as its " + what + " (rule 2.13)");
            fail(broken);
            throw broken;
        }
    }

    /** Ends the stream because of a publisher that breaks a rule. */
    private void fail(RuntimeException broken) {
        try {
            cancel();
        } finally {
            end.fail(broken);
        }
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
