package io.vertask.stream;

import static io.vertask.stream.Samples.logged;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A stream that never got so far as to run still closes what it was given. */
class UnusedTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    /** Says when it is closed. */
    private final AsyncIterator<Integer> source = new AsyncIterator<>() {
        @Override
        public Future<Optional<Integer>> next() {
            return ms(10).map(Optional.of(1));
        }

        @Override
        public Future<Void> close() {
            return logged(log, "close");
        }
    };

    @Test
    void closedTwiceBeforeItsFirstPullItClosesItsSourceOnce() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> unused = Streams.buffer(2, source);
            return unused.close().compose(v -> unused.close()).compose(v -> unused.next());
        }));
        assertThat(log).containsExactly("close");
    }

    @Test
    void closedInTheTurnOfItsFirstPullItClosesItsSourceOnce() {
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> hardly = Streams.buffer(2, source);
            Task<Optional<Integer>> pull = Tasks.start(hardly::next);
            return Tasks.start(() -> hardly.close().compose(v -> hardly.close()))
                    .future()
                    .compose(v -> pull.settled());
        }));
        assertThat(log).containsExactly("close");
    }

    @Test
    void leftByATaskThatEndsBeforeItsFirstTurnItClosesItsSource() {
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.start(() -> {
                    Future<Optional<Integer>> unused = Streams.buffer(2, source).next();
                    return Future.succeededFuture(unused.isComplete());
                })
                .future()
                .compose(v -> ms(100)));
        assertThat(run.outcome().isSuccess()).isTrue();
        leavesNothing(run);
        assertThat(log).containsExactly("close");
    }

    @Test
    void aSourceThatThrowsWhenItIsClosedFailsTheClose() {
        AsyncIterator<Integer> throwing = new AsyncIterator<>() {
            @Override
            public Future<Optional<Integer>> next() {
                return source.next();
            }

            @Override
            public Future<Void> close() {
                throw bad;
            }
        };
        assertThat(failureOf(VirtualRun.of(() -> Streams.buffer(2, throwing).close())))
                .isSameAs(bad);
    }
}
