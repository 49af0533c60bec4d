package io.vertask.trace;

import static io.vertask.testing.Asserting.asserting;
import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.OwnCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events as a recording has them. */
@Timeout(120)
class JfrEventsTest {
    @TempDir
    Path folder;

    /** Another one in each test: JDK 17 loses a text that an earlier recording of the process had. */
    private String why = "enough";

    private Future<Object> program() {
        Task<Void> worker = Tasks.start("worker", () -> ms(60_000));
        Task<Void> failing = Tasks.start("failing", () -> Future.failedFuture("bad"));
        return ms(5).compose(v -> OwnCode.block(Duration.ofMillis(120)))
                .compose(v -> worker.cancelAndJoin(CancelReason.user(why)))
                .compose(v -> failing.settled())
                .mapEmpty();
    }

    private List<RecordedEvent> recorded(Vertx vertx, String... without) throws IOException {
        return recorded(vertx, recording -> List.of(without).forEach(recording::disable));
    }

    private List<RecordedEvent> recorded(Vertx vertx, Consumer<Recording> settings) throws IOException {
        try (Recording recording = new Recording()) {
            for (String name : List.of("vertask.Task", "vertask.Cancel", "vertask.Stall")) {
                recording.enable(name);
            }
            settings.accept(recording);
            recording.start();
            Tasks.run(vertx, this::program);
            recording.stop();
            Path file = folder.resolve("recording.jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().startsWith("vertask."))
                    .toList();
        }
    }

    private static RecordedEvent one(List<RecordedEvent> events, String type, String path) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .filter(event -> Objects.equals(event.getString("path"), path))
                .reduce((a, b) -> {
                    throw new AssertionError("two " + type + " of " + path);
                })
                .orElseThrow(() -> new AssertionError("no " + type + " of " + path + " in " + events));
    }

    @Test
    void aRecordingHasTheTasksTheCancelsAndTheStalls() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        Tracing.of(vertx).slowAfter(Duration.ofMillis(80));
        assertThat(JfrEvents.install(vertx)).isNotNull();
        List<RecordedEvent> events = recorded(vertx);
        RecordedEvent main = one(events, "vertask.Task", "main");
        assertThat(main.getDuration()).isGreaterThan(Duration.ofMillis(120));
        assertThat(main.getString("outcome")).isEqualTo("SUCCEEDED");
        RecordedEvent worker = one(events, "vertask.Task", "main/worker");
        assertThat(worker.getString("name")).isEqualTo("worker");
        assertThat(worker.getLong("parent")).isEqualTo(main.getLong("id"));
        assertThat(worker.getString("outcome")).isEqualTo("CANCELLED");
        assertThat(worker.getString("reason")).isEqualTo("user (enough), asked by main");
        assertThat(one(events, "vertask.Task", "main/failing").getString("reason"))
                .contains("bad");
        assertThat(one(events, "vertask.Cancel", "main/worker").getString("reason"))
                .isEqualTo("user (enough)");
        RecordedEvent stall = one(events, "vertask.Stall", "main");
        assertThat(stall.getDuration("took")).isGreaterThanOrEqualTo(Duration.ofMillis(119));
        assertThat(stall.getString("where")).startsWith("OwnCode.block");
        assertThat(events.stream().filter(e -> e.getEventType().getName().equals("vertask.Task")))
                .hasSize(3);
        assertThat(recorded(vertx, "vertask.Cancel", "vertask.Task"))
                .extracting(JfrEventsTest::kind)
                .containsOnly("vertask.Stall");
        assertThat(recorded(vertx, "vertask.Cancel", "vertask.Stall"))
                .extracting(JfrEventsTest::kind)
                .containsOnly("vertask.Task");
        Watched.await(vertx.close());
    }

    @Test
    void aTaskThatIsShorterThanTheRecordingsThresholdIsNotInIt() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        JfrListener listener = (JfrListener) Objects.requireNonNull(JfrEvents.install(vertx));
        why = "as planned";
        List<RecordedEvent> events =
                recorded(vertx, recording -> recording.enable("vertask.Task").withThreshold(Duration.ofMillis(100)));
        assertThat(events.stream().filter(event -> kind(event).equals("vertask.Task")))
                .extracting(event -> event.getString("path"))
                .containsExactlyInAnyOrder("main", "main/worker");
        assertThat(listener.begun()).isZero();
        Watched.await(vertx.close());
    }

    private static String kind(RecordedEvent event) {
        return event.getEventType().getName();
    }

    @Test
    void withoutARecordingNothingIsKept() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        JfrListener listener = (JfrListener) Objects.requireNonNull(JfrEvents.install(vertx));
        Tasks.run(
                vertx,
                () -> ms(1).compose(asserting(v -> assertThat(listener.begun()).isZero())));
        assertThat(listener.begun()).isZero();
        Watched.await(vertx.close());
    }

    @Test
    void aJdkWithoutFlightRecorderHasNoEventsAndNoError() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        assertThat(JfrEvents.install(vertx, false)).isNull();
        Watched.await(vertx.close());
    }
}
