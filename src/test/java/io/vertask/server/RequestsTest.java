package io.vertask.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelReason.Kind;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request as a task, over each transport. */
@Timeout(60)
@Tag("semantics-162")
@SuppressWarnings("NullAway.Init") // each test opens them for its transport
class RequestsTest {
    private final BlockingQueue<Task<?>> tasks = new LinkedTransferQueue<>();
    private final BlockingQueue<Throwable> ends = new LinkedTransferQueue<>();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private WebClient web;
    private String url;

    @BeforeEach
    void openVertx() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        vertx.exceptionHandler(reported::add);
    }

    private void open(Transport transport) throws Exception {
        web = WebClient.create(vertx, transport.client());
        url = transport.url(vertx.createHttpServer(transport.server())
                .requestHandler(request -> {
                    Task<?> task = Requests.serve(request, () -> work(request).onFailure(ends::add));
                    tasks.add(task);
                })
                .listen(0, "localhost")
                .await(15, TimeUnit.SECONDS)
                .actualPort());
    }

    private static Future<?> work(HttpServerRequest request) {
        return switch (request.path()) {
            case "/left" ->
                request.response()
                        .end(Tasks.remaining()
                                .map(Duration::toMillis)
                                .map(String::valueOf)
                                .orElse("none"));
            case "/hang" -> Tasks.sleep(Duration.ofMinutes(5));
            case "/begun" ->
                Tasks.await(request.response().setChunked(true).write("begun"))
                        .compose(begun -> Tasks.sleep(Duration.ofMinutes(5)));
            case "/echo" ->
                Requests.body(request, 1000).compose(all -> request.response().end(all));
            case "/forgets" -> Tasks.sleep(Duration.ZERO);
            case "/after" ->
                Tasks.await(request.response().end("sent")).compose(sent -> Tasks.sleep(Duration.ofMillis(100)));
            case "/bug" -> throw new IllegalStateException("bug");
            case "/breaks" ->
                Tasks.await(request.response().setChunked(true).write("begun")).compose(begun -> {
                    throw new IllegalStateException("broke");
                });
            case "/bugAfter" ->
                Tasks.await(request.response().end("sent")).compose(sent -> {
                    throw new IllegalStateException("late bug");
                });
            case "/stubborn" -> Tasks.sleep(Duration.ofMinutes(5)).otherwiseEmpty();
            default -> request.response().end("fast");
        };
    }

    @AfterEach
    void closeVertx() throws Exception {
        web.close();
        vertx.close().await(15, TimeUnit.SECONDS);
    }

    private HttpResponse<Buffer> get(String path) throws Exception {
        return web.getAbs(url + path).send().await(15, TimeUnit.SECONDS);
    }

    private Task<?> served() throws Exception {
        Task<?> task = tasks.poll(15, TimeUnit.SECONDS);
        assertThat(task).isNotNull();
        return task;
    }

    @ParameterizedTest
    @EnumSource
    void theTaskIsNamedAfterItsRequestAndAnswersIt(Transport transport) throws Exception {
        open(transport);
        assertThat(get("/fast?secret=1").bodyAsString()).isEqualTo("fast");
        assertThat(served().name()).isEqualTo("GET /fast");
        assertThat(get("/left").bodyAsString()).isEqualTo("none");
        assertThat(reported).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHangsUpCancelsTheTask(Transport transport) throws Exception {
        open(transport);
        for (String path : List.of("/hang", "/begun")) {
            WebClient leaving = WebClient.create(vertx, transport.client());
            Future<HttpResponse<Buffer>> call = leaving.getAbs(url + path).send();
            Task<?> task = served();
            leaving.close();
            assertThat(ends.poll(15, TimeUnit.SECONDS)).isInstanceOfSatisfying(CancelledException.class, gone -> {
                assertThat(gone.reason().kind()).isEqualTo(Kind.CLIENT_GONE);
                assertThat(gone.reason().detail()).isEqualTo("GET " + path);
            });
            assertThat(task.settled().await(15, TimeUnit.SECONDS).errorOrNull()).isInstanceOf(CancelledException.class);
            Promise<Void> over = Promise.promise();
            call.onComplete(any -> over.complete());
            over.future().await(15, TimeUnit.SECONDS);
        }
        assertThat(reported).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDoneAfterTheEndOfTheResponseIsDone(Transport transport) throws Exception {
        open(transport);
        WebClient leaving = WebClient.create(vertx, transport.client());
        assertThat(leaving.getAbs(url + "/after")
                        .send()
                        .await(15, TimeUnit.SECONDS)
                        .bodyAsString())
                .isEqualTo("sent");
        leaving.close();
        assertThat(served().settled().await(15, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theDeadlineOfTheHeaderIsTheLimitOfTheTask(Transport transport) throws Exception {
        open(transport);
        String left = web.getAbs(url + "/left")
                .putHeader("x-envoy-expected-rq-timeout-ms", "60000")
                .send()
                .await(15, TimeUnit.SECONDS)
                .bodyAsString();
        assertThat(Long.parseLong(left)).isBetween(50_000L, 60_000L);
        for (String time : List.of("100", "0")) {
            HttpResponse<Buffer> late = web.getAbs(url + "/hang")
                    .putHeader("x-envoy-expected-rq-timeout-ms", time)
                    .send()
                    .await(15, TimeUnit.SECONDS);
            assertThat(late.statusCode()).isEqualTo(504);
        }
        served();
        assertThat(served().settled().await(15, TimeUnit.SECONDS).errorOrNull())
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(get("/fast").bodyAsString()).isEqualTo("fast");
    }

    @ParameterizedTest
    @EnumSource
    void aDeadlineThatCannotBeReadIsRefusedAndSaysHowToWriteIt(Transport transport) throws Exception {
        open(transport);
        HttpResponse<Buffer> refused = web.getAbs(url + "/left")
                .putHeader("x-envoy-expected-rq-timeout-ms", "5s")
                .send()
                .await(15, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsString())
                .isEqualTo("x-envoy-expected-rq-timeout-ms: '5s' is not a number of milliseconds; send digits only, "
                        + "such as 1500, or leave the header out");
        assertThat(ends).as("the work was not begun").isEmpty();
        HttpResponse<Buffer> ages = web.getAbs(url + "/left")
                .putHeader("x-envoy-expected-rq-timeout-ms", "9".repeat(30))
                .send()
                .await(15, TimeUnit.SECONDS);
        assertThat(ages.bodyAsString()).isEqualTo("none");
    }

    @ParameterizedTest
    @EnumSource
    void everyTaskAnswersAndABugIsReportedOnce(Transport transport) throws Exception {
        open(transport);
        assertThat(get("/bug").statusCode()).isEqualTo(500);
        assertThat(reported).singleElement().satisfies(bug -> assertThat(bug).hasMessage("bug"));
        assertThat(get("/forgets").statusCode()).isEqualTo(500);
        assertThat(reported).hasSize(2);
        assertThat(reported.get(1)).hasMessageContaining("without ending its response");
        assertThat(get("/fast").bodyAsString()).isEqualTo("fast");
    }

    @ParameterizedTest
    @EnumSource
    void aResponseThatWasBegunIsCutOffSoThatNobodyTakesItForWhole(Transport transport) throws Exception {
        open(transport);
        Promise<HttpResponse<Buffer>> over = Promise.promise();
        web.getAbs(url + "/breaks").send().onComplete(over);
        assertThatThrownBy(() -> over.future().await(15, TimeUnit.SECONDS)).isNotInstanceOf(TimeoutException.class);
        assertThat(reported).singleElement().satisfies(bug -> assertThat(bug).hasMessage("broke"));
        assertThat(get("/fast").bodyAsString()).isEqualTo("fast");
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsAfterTheEndOfTheResponseIsReported(Transport transport) throws Exception {
        open(transport);
        assertThat(get("/bugAfter").bodyAsString()).isEqualTo("sent");
        served().settled().await(15, TimeUnit.SECONDS);
        get("/fast");
        assertThat(reported).singleElement().satisfies(bug -> assertThat(bug).hasMessage("late bug"));
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatEndsWellAfterItsClientHasGoneIsNothingToReport(Transport transport) throws Exception {
        open(transport);
        WebClient leaving = WebClient.create(vertx, transport.client());
        leaving.getAbs(url + "/stubborn").send();
        Task<?> task = served();
        leaving.close();
        assertThat(task.settled().await(15, TimeUnit.SECONDS).isSuccess()).isTrue();
        assertThat(get("/fast").bodyAsString()).isEqualTo("fast");
        assertThat(reported).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatDoesNotComeIsWaitedForOnlyUntilTheDeadline(Transport transport) throws Exception {
        open(transport);
        HttpClient raw = vertx.createHttpClient(transport.client());
        HttpClientRequest half = raw.request(
                        new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url + "/echo"))
                .await(15, TimeUnit.SECONDS);
        half.putHeader("x-envoy-expected-rq-timeout-ms", "200").setChunked(true);
        half.write("half").await(15, TimeUnit.SECONDS);
        assertThat(half.response().await(15, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
        assertThat(ends.poll(15, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        raw.close();
    }

    @ParameterizedTest
    @EnumSource
    void theBodyOfTheRequestIsThereForTheTask(Transport transport) throws Exception {
        open(transport);
        Buffer sent = Buffer.buffer("x".repeat(1000));
        assertThat(web.postAbs(url + "/echo")
                        .sendBuffer(sent)
                        .await(15, TimeUnit.SECONDS)
                        .body())
                .isEqualTo(sent);
        assertThat(web.postAbs(url + "/echo")
                        .sendBuffer(Buffer.buffer(new byte[1_000_000]))
                        .await(15, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(500);
        // one that nobody reads does not hold up the next
        assertThat(web.postAbs(url + "/fast")
                        .sendBuffer(Buffer.buffer(new byte[1_000_000]))
                        .await(15, TimeUnit.SECONDS)
                        .bodyAsString())
                .isEqualTo("fast");
        assertThat(get("/fast").bodyAsString()).isEqualTo("fast");
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatIsCancelledAnswersUnavailable(Transport transport) throws Exception {
        open(transport);
        Future<HttpResponse<Buffer>> call = web.getAbs(url + "/hang").send();
        served().cancel();
        assertThat(call.await(15, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(reported).isEmpty();
    }
}
