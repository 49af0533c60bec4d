package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.trace.TraceEvent.Span;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The file that Perfetto opens. */
class ChromeTraceTest {
    private static List<JsonObject> written(TraceRecorder recorder) throws IOException {
        StringBuilder out = new StringBuilder();
        ChromeTrace.write(recorder, out);
        List<JsonObject> events = new ArrayList<>();
        new JsonObject(out.toString()).getJsonArray("traceEvents").forEach(event -> events.add((JsonObject) event));
        return events;
    }

    private static List<JsonObject> tasks(List<JsonObject> events) {
        return events.stream()
                .filter(event -> "task".equals(event.getString("cat")))
                .toList();
    }

    @Test
    void aChildStandsOnItsParentsLaneAndItsSiblingOnAnother() throws IOException {
        TraceRecorder recorder = TraceRecorder.of(100);
        Watched.heardBy(
                recorder,
                () -> Tasks.gather(
                        () -> ms(1).onSuccess(v -> recorder.add(new TraceEvent.Phase(
                                Task.current().orElseThrow().id(), "reading", Tasks.nanoTime()))),
                        () -> ms(2)));
        List<JsonObject> events = written(recorder);
        List<JsonObject> tasks = tasks(events);
        assertThat(tasks).extracting(task -> task.getDouble("dur")).containsExactly(2000.0, 1000.0, 2000.0);
        assertThat(tasks).extracting(task -> task.getInteger("tid")).containsExactly(0, 0, 1);
        assertThat(tasks.get(1).getJsonObject("args").getLong("parent"))
                .isEqualTo(tasks.get(0).getJsonObject("args").getLong("id"));
        assertThat(events)
                .filteredOn(event -> "reading".equals(event.getString("name")))
                .singleElement()
                .satisfies(phase -> {
                    assertThat(phase.getDouble("ts")).isEqualTo(1000.0);
                    assertThat(phase.getInteger("tid")).isZero();
                });
        assertThat(events)
                .filteredOn(event -> "M".equals(event.getString("ph")))
                .extracting(event -> event.getJsonObject("args").getString("name"))
                .containsExactly("slot 0", "slot 1");
    }

    @Test
    void lanesNeverOverlapAndThereAreNoMoreThanRanAtOnce() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TraceRecorder recorder = TraceRecorder.of(1000);
            Watched.run(seed, tracing -> tracing.listen(recorder), tracing -> tracing.unlisten(recorder), () -> {
                for (int i = 0; i < 20; i++) {
                    int n = i;
                    Tasks.start(
                            "n" + n,
                            () -> ms(random.nextInt(10))
                                    .compose(v ->
                                            Tasks.gather(() -> ms(random.nextInt(10)), () -> ms(random.nextInt(10)))));
                }
                return ms(random.nextInt(30));
            });
            Map<Integer, List<JsonObject>> lanes =
                    tasks(written(recorder)).stream().collect(Collectors.groupingBy(task -> task.getInteger("tid")));
            assertThat(lanes.size()).as("seed %s", seed).isLessThanOrEqualTo(61);
            lanes.values()
                    .forEach(lane -> lane.forEach(a -> lane.forEach(b -> assertThat(apart(a, b))
                            .withFailMessage("overlap: %s and %s", a, b)
                            .isTrue())));
        }
    }

    private static boolean apart(JsonObject a, JsonObject b) {
        double from = Math.max(a.getDouble("ts"), b.getDouble("ts"));
        double endA = a.getDouble("ts") + a.getDouble("dur");
        double endB = b.getDouble("ts") + b.getDouble("dur");
        double to = Math.min(endA, endB);
        boolean nested = (a.getDouble("ts") >= b.getDouble("ts") && endA <= endB)
                || (b.getDouble("ts") >= a.getDouble("ts") && endB <= endA);
        return to - from < 0.001 || nested;
    }

    @Test
    void aHundredThousandItemsNeedAsManyLanesAsRanAtOnce() {
        Lanes lanes = new Lanes();
        for (int i = 0; i < 100_000; i++) {
            long at = i / 5 * 10L;
            Span span = new Span(i + 1, null, "n", "n", "loop", at, at + 10, Task.State.SUCCEEDED, null);
            assertThat(lanes.put(span, at + 10)).isLessThan(5);
        }
        assertThat(lanes.count()).isEqualTo(5);
    }

    @Test
    void stallsAndCancelsAndWhatWasDroppedAreInIt() throws IOException {
        TraceRecorder recorder = TraceRecorder.of(4);
        Watched.heardBy(recorder, () -> {
            Task<Void> slow = Tasks.start("\"slow\"\n", () -> ms(9));
            recorder.slowStep(new SlowStep("loop-1", "main/x", List.of(1L), Duration.ofMillis(412), 5, 0, List.of()));
            return ms(1).compose(v -> Tasks.start(() -> ms(1)).future()).compose(v -> slow.cancelAndJoin());
        });
        StringBuilder out = new StringBuilder();
        ChromeTrace.write(recorder, out);
        JsonObject trace = new JsonObject(out.toString());
        assertThat(trace.getJsonObject("otherData").getLong("dropped"))
                .isEqualTo(recorder.dropped())
                .isPositive();
        assertThat(out).contains("cancel: user", "\\\"slow\\\"\\n");
        TraceRecorder whole = TraceRecorder.of(4);
        whole.slowStep(new SlowStep("loop-1", "main/x", List.of(1L), Duration.ofMillis(412), 5, 0, List.of()));
        assertThat(written(whole))
                .extracting(event -> event.getString("name"))
                .containsExactly("blocked", "thread_name");
    }

    @Test
    void nothingIsAnEmptyTrace() throws IOException {
        assertThat(written(TraceRecorder.of(1))).isEmpty();
    }

    @Test
    void eventsComeInTheOrderOfTheirBeginning() throws IOException {
        TraceRecorder recorder = TraceRecorder.of(100);
        Watched.heardBy(recorder, () -> Tasks.gather(() -> ms(3), () -> ms(1), () -> ms(2)));
        assertThat(tasks(written(recorder))).isSortedAccordingTo(Comparator.comparing(task -> task.getDouble("ts")));
    }
}
