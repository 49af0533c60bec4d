package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClient;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;

class BlockingLoopExtensionTest {

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void needsTheWatch() {
        assumeTrue(
                BlockingLoopExtension.missing().isEmpty(),
                () -> BlockingLoopExtension.missing().orElse(""));
    }

    @AfterEach
    void closeVertx() throws Exception {
        await(vertx.close());
    }

    @Test
    void sleepingOnAnEventLoopThrowsAndFailsTheTest() {
        assertThatThrownBy(() -> await(onLoop(() -> {
                    TimeUnit.MILLISECONDS.sleep(1);
                    return null;
                })))
                .hasCauseInstanceOf(BlockingOperationError.class)
                .hasMessageContaining("sleep");
        assertThatThrownBy(BlockingLoopExtension::failIfBlocked).hasMessageContaining("blocked 1 times");
    }

    @Test
    void waitingForALatchOnAnEventLoopThrowsAlsoWhenTheCallerSwallowsIt() throws Exception {
        await(onLoop(() -> {
            try {
                return new CountDownLatch(1).await(1, TimeUnit.SECONDS);
            } catch (BlockingOperationError swallowed) {
                return false;
            }
        }));
        assertThat(BlockingLoopExtension.drain())
                .singleElement()
                .satisfies(error -> assertThat(error.getMethod().getName()).isEqualTo("park"));
    }

    @Test
    void aWorkerMayBlock() throws Exception {
        await(vertx.executeBlocking(() -> {
            TimeUnit.MILLISECONDS.sleep(1);
            return null;
        }));
        assertThat(BlockingLoopExtension.drain()).isEmpty();
    }

    @Test
    void whatVertxDoesItselfIsAllowed() throws Exception {
        var server = await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("hello"))
                .listen(0, "localhost"));
        var client = WebClient.create(vertx);
        Future<String> answer = onLoop(() -> client.request(HttpMethod.GET, server.actualPort(), "localhost", "/"))
                .compose(request -> request.send())
                .map(response -> response.bodyAsString())
                .compose(body -> vertx.timer(1).map(body))
                .compose(body -> vertx.executeBlocking(() -> body))
                .compose(body -> vertx.fileSystem().exists("pom.xml").map(body));
        assertThat(await(answer)).isEqualTo("hello");
        assertThat(BlockingLoopExtension.drain()).isEmpty();
    }

    private <T extends @Nullable Object> Future<T> onLoop(Callable<T> body) {
        Promise<T> promise = Promise.promise();
        vertx.runOnContext(start -> {
            try {
                promise.complete(body.call());
            } catch (Throwable thrown) {
                promise.fail(thrown);
            }
        });
        return promise.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
