package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.trace.TraceEvent.CancelAsked;
import io.vertask.trace.TraceEvent.Phase;
import io.vertask.trace.TraceEvent.Span;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bounded memory of what happened. */
@Timeout(60)
class TraceRecorderTest {
    @Test
    void aTaskIsOneSpanWithItsParentItsTimesAndItsEnd() {
        TraceRecorder recorder = TraceRecorder.of(100);
        Watched.heardBy(recorder, () -> {
            Task<Void> worker = Tasks.start("worker", () -> ms(9));
            Task<Void> failing = Tasks.start("failing", () -> ms(2).compose(v -> Future.failedFuture("bad")));
            return ms(3).compose(v -> worker.cancelAndJoin()).compose(v -> failing.settled());
        });
        assertThat(recorder.dropped()).isZero();
        List<Span> spans = recorder.spans();
        assertThat(spans).extracting(Span::name).containsExactly("failing", "worker", "program");
        Span program = spans.get(2);
        assertThat(spans.subList(0, 2))
                .allSatisfy(span -> assertThat(span.parent()).isEqualTo(program.id()));
        assertThat(spans)
                .extracting(span -> Duration.ofNanos(span.end() == null ? -1 : span.end() - program.at())
                        .toMillis())
                .containsExactly(2L, 3L, 3L);
        assertThat(spans)
                .extracting(Span::state)
                .containsExactly(Task.State.FAILED, Task.State.CANCELLED, Task.State.SUCCEEDED);
        assertThat(spans.get(0).why()).contains("bad");
        assertThat(spans.get(1).why()).isEqualTo("user, asked by main/program");
        assertThat(recorder.events())
                .filteredOn(CancelAsked.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(((CancelAsked) event).path()).isEqualTo("main/program/worker"));
    }

    @Test
    void pastItsCapacityTheOldestAreDroppedAndCounted() {
        TraceRecorder recorder = TraceRecorder.of(10);
        Watched.heardBy(
                recorder,
                () -> Tasks.forEach(
                        java.util.stream.IntStream.range(0, 100).boxed().toList(),
                        n -> Tasks.start("n" + n, () -> ms(1)).future()));
        assertThat(recorder.events()).hasSize(10);
        assertThat(recorder.dropped()).isEqualTo(101 - 10);
        assertThat(recorder.spans()).extracting(Span::name).startsWith("n91").endsWith("n99", "program");
    }

    @Test
    void tasksThatAreStillRunningAreThereWithoutAnEnd() {
        TraceRecorder recorder = TraceRecorder.of(10);
        List<Span> seen = new ArrayList<>();
        Watched.heardBy(recorder, () -> ms(1).onSuccess(v -> seen.addAll(recorder.spans())));
        assertThat(seen).singleElement().satisfies(span -> {
            assertThat(span.name()).isEqualTo("program");
            assertThat(span.end()).isNull();
            assertThat(span.state()).isEqualTo(Task.State.RUNNING);
        });
    }

    @Test
    void eventsFromElsewhereAreKeptWithTheLibrarysOwn() {
        TraceRecorder recorder = TraceRecorder.of(10);
        Watched.heardBy(
                recorder,
                () -> ms(2).onSuccess(v -> {
                    long task = Task.current().orElseThrow().id();
                    long now = Tasks.nanoTime();
                    recorder.add(new Phase(-1, "connecting", now - 2));
                    recorder.add(new Span(
                            -1, task, "attempt 1", "main/attempt 1", "loop", now - 3, now, Task.State.SUCCEEDED, null));
                }));
        assertThat(recorder.events()).filteredOn(Phase.class::isInstance).hasSize(1);
        assertThat(recorder.spans()).extracting(Span::name).containsExactly("attempt 1", "program");
        assertThat(recorder.spans().get(0).parent())
                .isEqualTo(recorder.spans().get(1).id());
    }

    @Test
    void severalLoopsMayBeRecordedAtOnce() throws InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        TraceRecorder recorder = TraceRecorder.of(100);
        Tracing.of(vertx).listen(recorder);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ends.add(Tasks.start(vertx, null, () -> ms(0)).future());
        }
        Watched.await(Future.all(ends).mapEmpty());
        Watched.await(vertx.close());
        assertThat(recorder.events()).hasSize(100).allMatch(event -> ((Span) event).end() != null);
        assertThat(recorder.dropped()).isEqualTo(2_000 - 100);
    }

    @Test
    void aCapacityOfNothingIsRefused() {
        assertThatThrownBy(() -> TraceRecorder.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TraceRecorder.of: the capacity is 0, and must be 1 at least");
    }
}
