package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.RecordedConnection;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cancel at the moment of completion, and very many of them. */
class HttpRaceTest {
    private RecordingHttpServer server;

    @BeforeEach
    void open() throws Exception {
        server = RecordingHttpServer.start()
                .on("/silent", new Reply.Silence())
                .on("/fast", Reply.ok("fast"))
                .on("/moved", Reply.status(302, ""));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void atTheMomentOfCompletionThereIsAResponseOrACancelNeverBoth() throws Exception {
        long seed = 20_240_517L;
        Random random = new Random(seed);
        try (HttpHouse house = HttpHouse.of(1)) {
            long usual = usualNanos(house);
            for (int i = 0; i < 300; i++) {
                Task<HttpResponse<Buffer>> call = house.get(server.url() + "/fast");
                LockSupport.parkNanos(random.nextLong(2 * usual));
                call.cancel();
                Outcome<HttpResponse<Buffer>> end = outcome(call);
                if (end instanceof Outcome.Success<HttpResponse<Buffer>> success && success.value() != null) {
                    assertThat(success.value().bodyAsString()).isEqualTo("fast");
                } else {
                    assertThat(end.errorOrNull())
                            .as("seed %d, call %d", seed, i)
                            .isInstanceOf(CancelledException.class);
                }
            }
            assertThat(value(house.get(server.url() + "/fast")).bodyAsString()).isEqualTo("fast");
        }
    }

    /** How long a call takes on this machine now: the fastest of many, so that cancels fall around its end. */
    private long usualNanos(HttpHouse house) throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            value(house.get(server.url() + "/fast"));
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    @Test
    void aThousandCancelsLeaveNothingOpen() throws Exception {
        try (HttpHouse house = HttpHouse.of(50)) {
            Task<Integer> all = house.start(() -> {
                List<Coroutine<HttpResponse<Buffer>>> bodies = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    long limit = 1L + i % 40;
                    bodies.add(() -> Tasks.timeout(
                            Duration.ofMillis(limit),
                            () -> house.http
                                    .web()
                                    .getAbs(server.url() + "/silent")
                                    .send()));
                }
                return Tasks.<HttpResponse<Buffer>>settle(bodies).map(ends -> (int) ends.stream()
                        .filter(end -> end.errorOrNull() instanceof TaskTimeoutException)
                        .count());
            });
            assertThat(value(all)).isEqualTo(1000);
            HttpHouse.eventually(
                    "every connection is closed",
                    () -> server.connections().stream().allMatch(RecordedConnection::isClosedByPeer));
            assertThat(house.http.slots.counts()).isEqualTo(List.of(0, 0, 0));
            assertThat(value(house.get(server.url() + "/fast")).bodyAsString()).isEqualTo("fast");
        }
    }

    @Test
    void noMoreThanTheLimitRunAtOnce() throws Exception {
        try (HttpHouse house = HttpHouse.of(3)) {
            List<Task<HttpResponse<Buffer>>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(house.get(server.url() + "/silent"));
            }
            server.awaitRequests(3, HttpHouse.PATIENCE);
            HttpHouse.eventually("seven wait", () -> house.http.slots.counts().equals(List.of(3, 7, 0)));
            assertThat(server.connections()).hasSize(3);
            // those that wait first: a cancelled one that runs would hand its slot to the next
            for (int i = calls.size() - 1; i >= 0; i--) {
                calls.get(i).cancel();
            }
            for (Task<?> call : calls) {
                outcome(call);
            }
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aQueuedCallGoesOnInItsOwnTask() throws Exception {
        try (HttpHouse house = HttpHouse.of(1)) {
            Task<HttpResponse<Buffer>> first = house.get(server.url() + "/silent");
            server.awaitRequests(1, HttpHouse.PATIENCE);
            CountDownLatch queued = new CountDownLatch(1);
            List<Optional<Task<?>>> tasks = new CopyOnWriteArrayList<>();
            Task<HttpResponse<Buffer>> second =
                    house.start(() -> house.http.send(house.http.web().getAbs(server.url() + "/fast"), null, phase -> {
                        tasks.add(Task.current());
                        queued.countDown();
                    }));
            HttpHouse.await(queued);
            first.cancel();
            value(second);
            assertThat(tasks).hasSize(4).containsOnly(Optional.of(second));
        }
    }

    @Test
    void callsOfSeveralLoopsShareOneLimit() throws Exception {
        try (HttpHouse house = new HttpHouse(HttpCalls.Options.of(2), 2)) {
            List<Task<HttpResponse<Buffer>>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String path = i % 3 == 0 ? "/silent" : "/fast";
                calls.add(house.start(() -> Tasks.timeout(
                        Duration.ofMillis(path.equals("/silent") ? 10 : 60_000),
                        () -> house.http.web().getAbs(server.url() + path).send())));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(outcome(calls.get(i)).isSuccess()).as("call %d", i).isEqualTo(i % 3 != 0);
            }
            long open = server.connections().stream()
                    .filter(connection -> !connection.isClosedByPeer())
                    .count();
            assertThat(open).isLessThanOrEqualTo(house.http.maxSockets());
        }
    }

    @Test
    void aBodyThatThrowsAfterSendingAbortsTheRequest() throws Exception {
        try (HttpHouse house = HttpHouse.of(1)) {
            IllegalStateException bad = new IllegalStateException("bad");
            Task<Void> call = house.start(() -> {
                Future<?> unused =
                        house.http.web().getAbs(server.url() + "/silent").send();
                return Tasks.sleep(Duration.ofMillis(100)).map(slept -> {
                    throw bad;
                });
            });
            assertThat(outcome(call).errorOrNull()).isSameAs(bad);
            server.awaitRequests(1, HttpHouse.PATIENCE).awaitClosedByPeer(HttpHouse.SOON);
        }
    }
}
