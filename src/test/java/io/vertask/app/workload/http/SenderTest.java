package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.workload.http.Sender.Received;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertask.task.Tasks;
import io.vertask.testing.Jobs;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SenderTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setAddressResolverOptions(
                    new AddressResolverOptions().setHostsValue(Buffer.buffer("127.0.0.1 my_host localhost\n"))));

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aHostWithAnUnderscoreIsCalledAndItsRedirectTakesTheTokenAlong() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()
                .on("/moved", Reply.redirect(302, "/end"))
                .on("/end", Reply.ok("there"))) {
            String yaml = "job: x\nclients: {api: {url: \"http://my_host:" + server.port() + "\", token: tttttttt}}\n"
                    + "do: {get: /moved, client: api}\n";
            ItemRequests requests = new ItemRequests(Optional.of((HttpClientConfig) Objects.requireNonNull(
                    Jobs.read("x.yaml", yaml, Map.of(), List.of()).clients().get("api"))));
            Received received = Tasks.start(vertx, "call", () -> received(requests))
                    .future()
                    .await(10, TimeUnit.SECONDS);
            assertThat(received.response().bodyAsString()).isEqualTo("there");
            assertThat(server.requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.headers())
                            .containsEntry("host", "my_host:" + server.port())
                            .containsEntry("authorization", "Bearer tttttttt"));
        }
    }

    private Future<Received> received(ItemRequests requests) {
        return Sender.open(vertx, requests, OptionalLong.empty(), 1, new Reached())
                .compose(sender -> sender.send(
                                requests.of(HttpMethod.GET, "/moved"), PhaseListener.NONE, status -> false)
                        .eventually(sender::close));
    }
}
