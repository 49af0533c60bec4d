package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertask.testing.Joined;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.annotations.AfterClass;

/** The TCK's rules for subscribers; run by {@link ReactiveStreamsTest}. */
public class SubscriberRules extends FlowSubscriberBlackboxVerification<Integer> {
    private final Vertx vertx = TckLoop.open();

    /** For TestNG. */
    public SubscriberRules() {
        super(TckLoop.environment());
    }

    /** The subscriber that a stream over a publisher has once it is pulled. */
    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
        CompletableFuture<Flow.Subscriber<? super Integer>> subscribed = new CompletableFuture<>();
        Flow.Publisher<Integer> source = subscribed::complete;
        Tasks.start(
                vertx,
                "consumer",
                () -> Streams.forEach(Bridges.from(source, 4), element -> Future.succeededFuture())
                        .otherwiseEmpty());
        Flow.Subscriber<? super Integer> subscriber = Joined.within(10, subscribed);
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(Integer element) {
                subscriber.onNext(element);
            }

            @Override
            public void onError(Throwable error) {
                subscriber.onError(error);
            }

            @Override
            public void onComplete() {
                subscriber.onComplete();
            }
        };
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }

    /** Closes what the subscribers ran on. */
    @AfterClass
    public void close() throws InterruptedException {
        TckLoop.close(vertx);
    }
}
