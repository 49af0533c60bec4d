package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** The TCK's rules for publishers; run by {@link ReactiveStreamsTest}. */
public class PublisherRules extends FlowPublisherVerification<Long> {
    private final Vertx vertx = TckLoop.open();

    /** For TestNG. */
    public PublisherRules() {
        super(TckLoop.environment());
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
        return Bridges.toPublisher(
                ((VertxInternal) vertx).createEventLoopContext(),
                () -> AsyncGenerator.of(emitter -> {
                    AtomicLong next = new AtomicLong();
                    return Tasks.loopWhile(() -> next.get() == elements
                            ? io.vertx.core.Future.succeededFuture(false)
                            : emitter.emit(next.incrementAndGet()).map(true));
                }));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
        return Bridges.toPublisher(((VertxInternal) vertx).createEventLoopContext(), () -> {
            throw new IllegalStateException("no stream today");
        });
    }

    /** Closes what the publishers ran on. */
    @AfterClass
    public void close() throws InterruptedException {
        TckLoop.close(vertx);
    }
}
