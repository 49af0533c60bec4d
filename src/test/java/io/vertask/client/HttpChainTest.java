package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands behind us in the WebClient's chain, as a session or OAuth2 does, and what comes when a call is over. */
class HttpChainTest {
    private final List<Phase> phases = new CopyOnWriteArrayList<>();
    private RecordingHttpServer server;
    private HttpHouse house;

    @BeforeEach
    void open() throws Exception {
        server = RecordingHttpServer.start()
                .on("/fast", Reply.ok("fast"))
                .on("/closed", new Reply.Respond(401, Map.of(), "who are you?"));
        house = HttpHouse.of(1);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        server.close();
    }

    /** {@code action} instead of the way on, once, when a request comes to {@code phase}. */
    private void once(ClientPhase phase, Handler<HttpContext<?>> action) {
        boolean[] done = {false};
        ((WebClientInternal) house.http.web()).addInterceptor(http -> {
            if (http.phase() == phase && !done[0]) {
                done[0] = true;
                action.handle(http);
            } else {
                http.next();
            }
        });
    }

    private Task<HttpResponse<Buffer>> get(String path) {
        return house.start(() -> house.http.send(house.http.web().getAbs(server.url() + path), null, phases::add));
    }

    @Test
    void aRequestThatIsSentAgainByAnInterceptorIsAnotherCall() throws Exception {
        once(ClientPhase.DISPATCH_RESPONSE, http -> {
            RequestOptions again = http.requestOptions();
            http.createRequest(again.setURI("/fast"));
        });
        assertThat(value(get("/closed")).bodyAsString()).isEqualTo("fast");
        assertThat(server.requestLines()).containsExactly("GET /closed", "GET /fast");
        assertThat(phases)
                .containsExactly(
                        Phase.CONNECTING, Phase.RESPONSE, Phase.BODY, Phase.CONNECTING, Phase.RESPONSE, Phase.BODY);
    }

    @Test
    void aRequestRefusedBeforeItIsACallFailsWithThat() throws Exception {
        IllegalStateException bad = new IllegalStateException("bad");
        once(ClientPhase.PREPARE_REQUEST, http -> http.fail(bad));
        assertThat(outcome(get("/fast")).errorOrNull()).isSameAs(bad);
        assertThat(server.requestLines()).isEmpty();
        assertThat(value(get("/fast")).bodyAsString()).isEqualTo("fast");
    }

    @Test
    void anInterceptorThatPutsOptionsOfItsOwnGetsItsRequestAllTheSame() throws Exception {
        once(ClientPhase.CREATE_REQUEST, http -> {
            http.requestOptions(new RequestOptions(http.requestOptions()).setURI("/fast"));
            http.next();
        });
        assertThat(value(get("/closed")).bodyAsString()).isEqualTo("fast");
        assertThat(value(get("/fast")).bodyAsString()).isEqualTo("fast");
    }

    @Test
    void aCancelWhileTheBodyOfARedirectIsReadIsTheEnd() throws Exception {
        server.on(
                "/moved",
                new Reply.CloseAfter(90, new Reply.Respond(302, Map.of("location", "/fast"), "x".repeat(3_000))));
        CountDownLatch there = new CountDownLatch(1);
        once(ClientPhase.FOLLOW_REDIRECT, http -> {
            // the body has broken off, which takes nothing away; the cancel comes while this one thinks
            there.countDown();
        });
        Task<HttpResponse<Buffer>> call = get("/moved");
        HttpHouse.await(there);
        assertThat(call.cancel()).isTrue();
        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(server.requestLines()).containsExactly("GET /moved");
        assertThat(phases).containsExactly(Phase.CONNECTING, Phase.RESPONSE);
    }

    @Test
    void outsideATaskAFailureIsPassedOn() throws Exception {
        server.refuse();
        CountDownLatch failed = new CountDownLatch(1);
        house.http.web().getAbs(server.url() + "/fast").send().onFailure(error -> failed.countDown());
        HttpHouse.await(failed);
    }

    @Test
    void anAddressThatIsNoneFailsTheCallAndKeepsNoSlot() throws Exception {
        Task<?> call = house.start(
                () -> house.http.web().get(70_000, "127.0.0.1", "/fast").send());
        assertThat(outcome(call).errorOrNull()).isInstanceOf(IllegalArgumentException.class);
        assertThat(value(get("/fast")).bodyAsString()).isEqualTo("fast");
    }
}
