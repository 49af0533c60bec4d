package io.vertask.stream;

import static io.vertask.stream.Samples.turns;
import static io.vertask.stream.Samples.upTo;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever the turn at which a cancel strikes, and in whatever order things run: what was opened is closed, once. */
class StreamsCancelTest {
    /** Counts what is open. */
    private static final class Book {
        private int opened;
        private int closed;

        <T> Future<T> during(io.vertask.task.Coroutine<T> body) {
            return Tasks.finallyDo(
                    () -> {
                        opened++;
                        return body.call();
                    },
                    () -> ms(1).onSuccess(v -> closed++));
        }

        AsyncGenerator<Integer> numbers(int last) {
            return AsyncGenerator.of(emitter ->
                    during(() -> Tasks.forEach(upTo(last), i -> ms(i % 3).compose(v -> emitter.emit(i)))));
        }
    }

    private static Future<Integer> program(Book book) {
        List<Integer> got = new ArrayList<>();
        AsyncIterator<Integer> merged = Streams.merge(
                Streams.buffer(2, book.numbers(4)),
                Streams.map(book.numbers(4), i -> 10 * i),
                AsyncGenerator.of(emitter -> book.during(() -> TaskGroup.with(group -> {
                    group.start(() -> book.during(() -> ms(5)));
                    return emitter.emit(100).compose(v -> emitter.emit(101));
                }))));
        AsyncIterator<Integer> mapped = Streams.mapConcurrent(
                2, merged, i -> book.during(() -> ms(i % 4)).map(i));
        return Streams.forEach(mapped, i -> book.during(() -> turns(2)).onSuccess(v -> got.add(i)))
                .compose(v -> Streams.forEachWhile(book.numbers(5), i -> ms(1).map(i < 2)))
                .compose(v -> Tasks.timeout(Duration.ofMillis(4), () -> Streams.forEach(book.numbers(9), i -> ms(2)))
                        .recover(late -> Future.succeededFuture()))
                .map(v -> got.size());
    }

    @Test
    @Tag("semantics-113")
    @Tag("semantics-114")
    @Tag("semantics-115")
    void openedEqualsClosedAtWhicheverTurnACancelStrikes() {
        AtomicReference<Book> current = new AtomicReference<>(new Book());
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Book book = new Book();
                    current.set(book);
                    return () -> program(book);
                },
                (turn, run) -> {
                    Book book = requireNonNull(current.get());
                    assertThat(book.closed)
                            .as("closed, cancelled at turn %s, %s", turn, run.outcome())
                            .isEqualTo(book.opened);
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    leavesNothing(run);
                });
        assertThat(runs).isGreaterThan(100);
        assertThat(VirtualRun.of(() -> program(new Book())).outcome()).isEqualTo(new Outcome.Success<>(10));
    }

    @Test
    @Tag("semantics-117")
    void whatIsNeverClosedIsClosedWithItsTaskAtWhicheverTurnACancelStrikes() {
        AtomicReference<Book> current = new AtomicReference<>(new Book());
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Book book = new Book();
                    current.set(book);
                    return () -> {
                        AsyncIterator<Integer> left = Streams.mapConcurrentUnordered(
                                2,
                                Streams.buffer(2, book.numbers(9)),
                                i -> book.during(() -> ms(i)).map(i));
                        return left.next().compose(v -> left.next());
                    };
                },
                (turn, run) -> {
                    Book book = requireNonNull(current.get());
                    assertThat(book.closed)
                            .as("closed, cancelled at turn %s", turn)
                            .isEqualTo(book.opened);
                    leavesNothing(run);
                });
    }

    @Test
    @Tag("semantics-113")
    @Tag("semantics-114")
    @Tag("semantics-120")
    void inAnyOrderElementsAreConservedAndWhatWasOpenedIsClosed() {
        int impatient = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            int last = 1 + random.nextInt(12);
            int breakAt = random.nextInt(2 * last);
            int cancelAfter = random.nextInt(60);
            boolean inOrder = random.nextBoolean();
            Book book = new Book();
            List<Integer> got = new ArrayList<>();
            int[] late = new int[1];
            VirtualRun<Outcome<Void>> run = VirtualRun.seeded(seed, () -> {
                AsyncIterator<Integer> source = random.nextBoolean()
                        ? book.numbers(last)
                        : Streams.buffer(1 + random.nextInt(3), book.numbers(last));
                int limit = 1 + random.nextInt(3);
                int slow = random.nextInt(4);
                AsyncIterator<Integer> mapped = inOrder
                        ? Streams.mapConcurrent(
                                limit, source, i -> book.during(() -> ms(slow)).map(i))
                        : Streams.mapConcurrentUnordered(
                                limit, source, i -> book.during(() -> ms(slow)).map(i));
                Duration patience = Duration.ofMillis(random.nextInt(4));
                Task<Void> consumer = Tasks.start(() -> Tasks.finallyDo(
                        () -> Tasks.loopWhile(() -> Tasks.timeout(patience, mapped::next)
                                .map(element -> {
                                    element.ifPresent(got::add);
                                    return element.isPresent() && got.size() != breakAt;
                                })
                                .recover(e -> e instanceof TaskTimeoutException
                                        ? ms(1).map(v -> ++late[0] > 0)
                                        : Future.failedFuture(e))),
                        mapped::close));
                return ms(cancelAfter).compose(v -> consumer.cancelAndJoin());
            });
            assertThat(run.outcome()).as("seed %s", seed).isInstanceOf(Outcome.Success.class);
            leavesNothing(run);
            assertThat(book.closed).as("closed, seed %s", seed).isEqualTo(book.opened);
            assertThat(got).as("seed %s", seed).doesNotHaveDuplicates();
            if (inOrder) {
                assertThat(got).as("seed %s", seed).isEqualTo(upTo(got.size()));
            }
            boolean toTheEnd =
                    requireNonNull(run.outcome().orElseThrow()).isSuccess() && (breakAt == 0 || got.size() < breakAt);
            assertThat(got.size()).as("seed %s", seed).isLessThanOrEqualTo(last);
            if (toTheEnd) {
                assertThat(got).as("seed %s", seed).hasSize(last);
            }
            impatient += late[0];
        }
        // the interesting path was taken, and often
        assertThat(impatient).isGreaterThan(1_000);
    }
}
