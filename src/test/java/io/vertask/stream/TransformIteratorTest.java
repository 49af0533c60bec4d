package io.vertask.stream;

import static io.vertask.stream.Samples.counting;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.task.Timeout;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One element at a time: pulls that are given up, and functions that fail in odd ways. */
class TransformIteratorTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static Future<Void> overAfterwards(AsyncIterator<?> stream) {
        return stream.next().onSuccess(end -> assertThat(end).isEmpty()).mapEmpty();
    }

    @Test
    void aPullThatTimesOutInTheFunctionTakesNothing() {
        List<@Nullable Optional<Integer>> got = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            int[] calls = {0};
            AsyncIterator<Integer> slow = Streams.compose(
                    counting(3, log),
                    i -> ms(i == 2 && ++calls[0] < 3 ? 100 : 1).map(i));
            return Tasks.loopWhile(() -> Timeout.moveOn(Duration.ofMillis(50), slow::next)
                            .map(end -> {
                                got.add(end.value());
                                return end.cut()
                                        || Optional.ofNullable(end.value())
                                                .orElseThrow()
                                                .isPresent();
                            }))
                    .compose(v -> overAfterwards(slow));
        }));
        assertThat(got).containsExactly(Optional.of(1), null, null, Optional.of(2), Optional.of(3), Optional.empty());
    }

    @Test
    void anElementThatAPullHasGivenUpGoesWithTheStream() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> slow = Streams.compose(counting(3, log), i -> ages());
            return Tasks.timeout(Duration.ofMillis(50), slow::next)
                    .transform(late -> {
                        assertThat(late.cause()).isInstanceOf(TaskTimeoutException.class);
                        assertThat(log).containsExactly("begin", "make 1");
                        return slow.close();
                    })
                    .compose(v -> overAfterwards(slow));
        }));
        assertThat(log).containsExactly("begin", "make 1", "cleanup");
    }

    @Test
    void aFunctionThatIsCancelledOnItsOwnEndsTheStream() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Streams.compose(counting(3, log), i -> {
                var task = Tasks.start(() -> ages().map(i));
                return task.cancelAndJoin().compose(v -> task.future());
            });
            return stream.next().transform(end -> {
                assertThat(end.failed()).isTrue();
                assertThat(log).containsExactly("begin", "make 1", "cleanup");
                return overAfterwards(stream);
            });
        }));
    }

    @Test
    void anIteratorThatFailsOnceItHasBegunEndsTheStreamOnce() {
        resultOf(VirtualRun.of(() -> {
            Iterable<Integer> broken = () -> new Iterator<>() {
                @Override
                public boolean hasNext() {
                    throw bad;
                }

                @Override
                public Integer next() {
                    throw bad;
                }
            };
            AsyncIterator<Integer> stream = Streams.flatMap(counting(3, log), i -> broken);
            return stream.next().transform(end -> {
                assertThat(end.cause()).isSameAs(bad);
                assertThat(log).containsExactly("begin", "make 1", "cleanup");
                return overAfterwards(stream);
            });
        }));
    }

    @Test
    void anErrorInAFunctionEndsTheStream() {
        AssertionError wrong = new AssertionError("wrong");
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Streams.map(counting(3, log), i -> {
                throw wrong;
            });
            return stream.next().transform(end -> {
                assertThat(end.cause()).isSameAs(wrong);
                assertThat(log).containsExactly("begin", "make 1", "cleanup");
                return overAfterwards(stream);
            });
        }));
    }
}
