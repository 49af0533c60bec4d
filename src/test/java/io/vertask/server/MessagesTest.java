package io.vertask.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("semantics-162")
class MessagesTest {
    private final BlockingQueue<Task<?>> tasks = new LinkedTransferQueue<>();
    private Vertx vertx;
    private EventBus bus;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        bus = vertx.eventBus();
        bus.<String>consumer("work", message -> tasks.add(Messages.serve(message, () -> work(message.body()))));
        bus.<String>consumer("silent", message -> {});
    }

    private static Future<?> work(String what) {
        return switch (what) {
            case "left" ->
                Future.succeededFuture(Tasks.remaining().map(Duration::toMillis).orElse(-1L));
            case "hang" -> Tasks.sleep(Duration.ofMinutes(5));
            case "brief" -> Tasks.timeout(Duration.ofMillis(1), () -> Tasks.sleep(Duration.ofMinutes(5)));
            case "odd" -> Future.succeededFuture(new Object());
            case "refuse" -> throw new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 409, "taken");
            default -> Future.failedFuture(new IllegalStateException(what));
        };
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(15, TimeUnit.SECONDS);
    }

    private <T> Future<@Nullable T> ask(String what) {
        return Messages.<T>request(bus, "work", what).map(Message::body);
    }

    @Test
    void whatIsLeftOfTheCallersTimeIsTheLimitOfTheWork() {
        Long none = Tasks.run(vertx, () -> this.<Long>ask("left"));
        assertThat(none).isEqualTo(-1);
        Long left = Tasks.run(vertx, () -> Tasks.timeout(Duration.ofMinutes(1), () -> this.<Long>ask("left")));
        assertThat(left).isBetween(50_000L, 60_000L);
    }

    @Test
    void theTimeoutIsTheCallersAndTheWorkEndsToo() throws Exception {
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Tasks.timeout(Duration.ofMillis(200), () -> ask("hang"))))
                .isInstanceOf(TaskTimeoutException.class);
        Task<?> task = tasks.poll(5, TimeUnit.SECONDS);
        assertThat(task).isNotNull();
        assertThat(task.name()).isEqualTo("message to work");
        Outcome<?> end = task.settled().await(5, TimeUnit.SECONDS);
        assertThat(end.errorOrNull()).isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void theTimeoutIsTheCallersAlsoWhenTheWorkNoticesItFirst() {
        for (int i = 0; i < 60; i++) {
            assertThatThrownBy(() -> Tasks.run(vertx, () -> Tasks.timeout(Duration.ofMillis(15), () -> ask("hang"))))
                    .isInstanceOf(TaskTimeoutException.class);
        }
        // a limit of the work's own, long before
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Tasks.timeout(Duration.ofSeconds(20), () -> ask("brief"))))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        late -> assertThat(late.failureCode()).isEqualTo(504));
    }

    @Test
    void aConsumerThatNeverAnswersIsTheCallersTimeoutToo() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> Tasks.run(
                            vertx,
                            () -> Tasks.timeout(Duration.ofMillis(20), () -> Messages.request(bus, "silent", "x"))))
                    .isInstanceOf(TaskTimeoutException.class);
        }
    }

    @Test
    void aShorterSendTimeoutStaysTheCallersOwn() {
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> Tasks.timeout(
                                Duration.ofMinutes(1),
                                () -> Messages.request(bus, "silent", "x", new DeliveryOptions().setSendTimeout(50)))))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        late -> assertThat(late.failureType()).isEqualTo(ReplyFailure.TIMEOUT));
    }

    @Test
    void aDeadlineThatWasPutOffLeavesTheTimeoutToTheBus() {
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> io.vertask.task.Timeout.with(Duration.ofMillis(50), timeout -> {
                            Future<?> reply = Messages.request(bus, "silent", "x");
                            timeout.reschedule(Duration.ofMinutes(1));
                            return reply;
                        })))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        late -> assertThat(late.failureType()).isEqualTo(ReplyFailure.TIMEOUT));
    }

    @Test
    void withinALimitAFailureIsThatOfTheWork() {
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Tasks.timeout(Duration.ofSeconds(20), () -> ask("bad"))))
                .isInstanceOf(ReplyException.class)
                .hasMessage("bad");
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> Tasks.timeout(Duration.ofSeconds(20), () -> Messages.request(bus, "work", new Object()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("No message codec");
    }

    @Test
    void aFailureOfTheWorkIsAReplyWithACode() {
        refused("bad", 500, "bad");
        refused("refuse", 409, "taken");
        refused("odd", 500, "No message codec for type: class java.lang.Object");
    }

    private void refused(String what, int code, String message) {
        assertThatThrownBy(() -> Tasks.run(vertx, () -> ask(what)))
                .isInstanceOfSatisfying(ReplyException.class, refusal -> {
                    assertThat(refusal.failureCode()).isEqualTo(code);
                    assertThat(refusal).hasMessageContaining(message);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-5", "1.5", "5:", "1e3"})
    void onlyDigitsAreADeadline(String value) {
        assertThatExceptionOfType(MalformedDeadlineException.class)
                .isThrownBy(() -> DeadlineHeader.parse("x-left", value))
                .withMessageStartingWith("x-left: '" + value + "' is not a number of milliseconds");
    }

    @Test
    void aLongValueIsShownInPart() {
        assertThatExceptionOfType(MalformedDeadlineException.class)
                .isThrownBy(() -> DeadlineHeader.parse("x-left", "x".repeat(5000)))
                .withMessageStartingWith("x-left: '" + "x".repeat(40) + "…' is not");
    }

    @Test
    void aDeadlineThatCannotBeReadIsRefused() {
        DeliveryOptions odd = new DeliveryOptions().addHeader(DeadlineHeader.HEADER, "soon");
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Messages.request(bus, "work", "left", odd)))
                .isInstanceOfSatisfying(ReplyException.class, refusal -> {
                    assertThat(refusal.failureCode()).isEqualTo(400);
                    assertThat(refusal).hasMessageContaining("'soon' is not a number of milliseconds");
                });
    }

    @Test
    void aMessageWithoutARequesterRunsAndItsFailureIsReported() throws Exception {
        BlockingQueue<Throwable> reported = new LinkedTransferQueue<>();
        vertx.exceptionHandler(reported::add);
        bus.send("work", "nobody hears");
        Throwable seen = reported.poll(5, TimeUnit.SECONDS);
        assertThat(seen).hasMessage("nobody hears");
    }

    @Test
    void aMessageWithoutARequesterThatSucceedsIsNobodysBusiness() throws Exception {
        BlockingQueue<Throwable> reported = new LinkedTransferQueue<>();
        vertx.exceptionHandler(reported::add);
        bus.send("work", "left");
        Task<?> task = tasks.poll(5, TimeUnit.SECONDS);
        assertThat(task).isNotNull();
        assertThat(task.settled().await(5, TimeUnit.SECONDS)).isEqualTo(new Outcome.Success<>(-1L));
        // answered after its end, on this one event loop
        Tasks.run(vertx, () -> ask("left"));
        assertThat(reported).isEmpty();
    }

    @Test
    void aCancelledCallerHearsNothingMore() throws Exception {
        Task<Object> caller = Tasks.start(vertx, "caller", () -> ask("hang"));
        Task<?> work = tasks.poll(5, TimeUnit.SECONDS);
        assertThat(work).isNotNull();
        caller.cancel();
        assertThat(caller.settled().await(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Cancelled.class);
        work.cancel();
        assertThat(work.settled().await(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Cancelled.class);
    }
}
