package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;

/** A stream made from a Vert.x stream: it fetches a few elements, and one more whenever one has been taken. */
final class FromReadStream<T> {
    private final ReadStream<T> source;
    private final int most;
    private final Coroutine<Void> closer;
    /** Whether the source has ended or failed; it must get no more handlers or demand. */
    private volatile boolean over;

    private FromReadStream(ReadStream<T> source, int most, Coroutine<Void> closer) {
        this.source = source;
        this.most = most;
        this.closer = closer;
    }

    static <T> AsyncIterator<T> of(ReadStream<T> source, int most, Coroutine<Void> closer) {
        FromReadStream<T> from = new FromReadStream<>(source, most, closer);
        return new ProducerIterator<>("read stream", "read stream " + source, from::into, closer);
    }

    private Future<Void> into(Inbox<T> inbox) {
        return Tasks.finallyDo(
                () -> Waiter.<Void>await("the end of a read stream", wait -> attach(inbox, wait)), () -> {
                    if (!over) {
                        detach();
                    }
                    return closer.call();
                });
    }

    private void attach(Inbox<T> inbox, Waiter<Void> wait) {
        source.exceptionHandler(error -> {
            over = true;
            wait.fail(error);
        });
        source.endHandler(end -> {
            over = true;
            wait.resume(null);
        });
        source.handler(element -> inbox.put(element, this::fetchOne));
        source.fetch(most);
    }

    private void fetchOne() {
        if (!over) {
            source.fetch(1);
        }
    }

    private void detach() {
        over = true;
        source.handler(null);
        source.endHandler(null);
        source.exceptionHandler(null);
    }
}
