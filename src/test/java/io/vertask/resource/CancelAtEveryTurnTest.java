package io.vertask.resource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the turn at which a cancel strikes: all that was opened is closed, once. */
class CancelAtEveryTurnTest {
    private static final Duration A_WHILE = Duration.ofMillis(10);

    /** Counts, for each thing that was opened, how often it was closed. */
    private static final class Book {
        private final Map<Integer, Integer> closedTimes = new HashMap<>();

        int open() {
            int number = closedTimes.size();
            closedTimes.put(number, 0);
            return number;
        }

        Future<Void> close(int number) {
            closedTimes.merge(number, 1, Integer::sum);
            return Future.succeededFuture();
        }

        /** Opens after a wait that heeds cancellation. */
        AsyncResource<Integer> willing() {
            return AsyncResource.of(
                    () -> Tasks.sleep(A_WHILE).map(v -> open()),
                    n -> Tasks.sleep(A_WHILE).compose(v -> close(n)));
        }

        /** Opens after a wait, cancelled or not: its success comes when the task is cancelled already. */
        AsyncResource<Integer> deaf() {
            return AsyncResource.of(
                    () -> Tasks.sleep(A_WHILE).transform(end -> Future.succeededFuture(open())), this::close);
        }

        /** Opens at once. */
        AsyncResource<Integer> instant() {
            return AsyncResource.of(() -> Future.succeededFuture(open()), this::close);
        }
    }

    private static Future<Integer> program(Book book) {
        return Resources.using(
                book.willing(),
                outer -> Tasks.gather(
                                () -> Resources.using(
                                        book.deaf(), n -> Tasks.sleep(A_WHILE).map(n)),
                                () -> Resources.using(
                                        book.instant(),
                                        n -> Tasks.sleep(Duration.ZERO).map(n)),
                                () -> Tasks.timeout(
                                                A_WHILE.multipliedBy(2),
                                                () -> Resources.using(
                                                        book.willing(),
                                                        n -> Tasks.sleep(A_WHILE.multipliedBy(3))
                                                                .map(n)))
                                        .recover(late -> Future.succeededFuture(-1)))
                        .map(all -> all.size()));
    }

    @Test
    @Tag("semantics-121")
    @Tag("semantics-122")
    @Tag("semantics-123")
    void openedEqualsClosed() {
        AtomicReference<Book> current = new AtomicReference<>(new Book());
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Book book = new Book();
                    current.set(book);
                    return () -> program(book);
                },
                (turn, run) -> {
                    assertThat(requireNonNull(current.get()).closedTimes.values())
                            .as("times closed, cancelled at turn %s, %s", turn, run.outcome())
                            .allMatch(times -> times == 1);
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(20);
        assertThat(requireNonNull(current.get()).closedTimes).hasSize(4);
    }
}
