package io.vertask.stream;

import static io.vertask.stream.Samples.counting;
import static io.vertask.stream.Samples.logged;
import static io.vertask.stream.Samples.upTo;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** To and from Vert.x's streams, on a virtual clock. */
class BridgesTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    /** Gives 1, 2, 3 … as long as there is demand, and ends when told to. */
    private static final class Source implements ReadStream<Integer> {
        private long demand = Long.MAX_VALUE;
        private int given;
        private int last = Integer.MAX_VALUE;
        private @Nullable Handler<Integer> handler;
        private @Nullable Handler<Void> endHandler;
        private @Nullable Handler<Throwable> exceptionHandler;

        private void flow() {
            while (demand > 0 && handler != null && given < last) {
                demand--;
                handler.handle(++given);
            }
            if (given == last && endHandler != null) {
                endHandler.handle(null);
            }
        }

        @Override
        public ReadStream<Integer> handler(@Nullable Handler<Integer> to) {
            handler = to;
            flow();
            return this;
        }

        @Override
        public ReadStream<Integer> pause() {
            demand = 0;
            return this;
        }

        @Override
        public ReadStream<Integer> resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public ReadStream<Integer> fetch(long amount) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            flow();
            return this;
        }

        @Override
        public ReadStream<Integer> endHandler(@Nullable Handler<Void> to) {
            endHandler = to;
            return this;
        }

        @Override
        public ReadStream<Integer> exceptionHandler(@Nullable Handler<Throwable> to) {
            exceptionHandler = to;
            return this;
        }
    }

    private AsyncIterator<Integer> from(Source source, int most) {
        return Bridges.from(source, most, () -> ms(5).onSuccess(v -> log.add("closed")));
    }

    @Test
    @Tag("semantics-119")
    void atMostTheAskedNumberIsAskedFor() {
        Source source = new Source();
        resultOf(VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = from(source, 3);
            return ms(10).onSuccess(v -> assertThat(source.handler).isNull())
                    .compose(v -> stream.next())
                    .compose(v -> ms(100))
                    .onSuccess(v -> assertThat(source.given).isEqualTo(4))
                    .compose(v -> Streams.forEachWhile(stream, i -> {
                        assertThat(source.given).isLessThanOrEqualTo(i + 3);
                        return Future.succeededFuture(i < 100);
                    }))
                    .compose(v -> logged(log, "after"));
        }));
        assertThat(source.handler).isNull();
        assertThat(source.endHandler).isNull();
        assertThat(source.exceptionHandler).isNull();
        assertThat(log).containsExactly("closed", "after");
    }

    @Test
    @Tag("semantics-119")
    void theEndAndAnErrorComeAfterTheElementsBeforeThem() {
        Source three = new Source();
        three.last = 3;
        assertThat(resultOf(VirtualRun.of(() -> Streams.toList(from(three, 10), 100))))
                .containsExactly(1, 2, 3);
        assertThat(log).containsExactly("closed");
        Source broken = new Source();
        List<Integer> got = new ArrayList<>();
        assertThat(failureOf(VirtualRun.of(() -> Streams.forEach(from(broken, 2), i -> {
                    got.add(i);
                    if (i == 3) {
                        requireNonNull(broken.exceptionHandler).handle(bad);
                    }
                    return ms(1);
                }))))
                .isSameAs(bad);
        assertThat(got).startsWith(1, 2, 3, 4);
        assertThat(log).containsExactly("closed", "closed");
    }

    @Test
    @Tag("semantics-119")
    void aCancelAtAnyTurnDetachesTheHandlersAndClosesTheSourceOnce() {
        AtomicReference<Source> current = new AtomicReference<>(new Source());
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Source source = new Source();
                    current.set(source);
                    log.clear();
                    return () -> Streams.forEachWhile(from(source, 2), i -> ms(1).map(i < 5));
                },
                (turn, run) -> {
                    Source source = requireNonNull(current.get());
                    assertThat(source.handler).as("turn %s", turn).isNull();
                    assertThat(source.exceptionHandler).isNull();
                    // cancelled before the first turn, nobody ever had the stream
                    assertThat(log.size()).as("turn %s", turn).isEqualTo(turn == 0 ? 0 : 1);
                    leavesNothing(run);
                });
    }

    // ---- as a ReadStream

    @Test
    @Tag("semantics-119")
    void aReadStreamPullsOnDemandOnly() {
        List<Integer> got = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            ReadStream<Integer> stream = Bridges.toReadStream(counting(5, log));
            stream.pause().handler(got::add).endHandler(end -> log.add("end"));
            assertThatThrownBy(() -> stream.fetch(-1)).isInstanceOf(IllegalArgumentException.class);
            return ms(100).onSuccess(v -> assertThat(log).isEmpty())
                    .onSuccess(v -> stream.fetch(2))
                    .compose(v -> ms(100))
                    .onSuccess(v -> assertThat(got).containsExactly(1, 2))
                    .onSuccess(v -> assertThat(log).endsWith("make 2"))
                    .onSuccess(v -> stream.resume())
                    .compose(v -> ms(200));
        }));
        assertThat(got).containsExactly(1, 2, 3, 4, 5);
        assertThat(log).endsWith("make 5", "cleanup", "end");
    }

    @Test
    void aReadStreamTellsItsErrorOrReportsIt() {
        List<Throwable> told = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Bridges.toReadStream(AsyncGenerator.of(emitter -> Future.failedFuture(bad)))
                    .exceptionHandler(told::add)
                    .handler(element -> {});
            return ms(1);
        }));
        assertThat(told).containsExactly(bad);
        VirtualRun<Void> silent = VirtualRun.of(() -> {
            Bridges.toReadStream(AsyncGenerator.of(emitter -> Future.failedFuture(bad)))
                    .handler(element -> {});
            return ms(1);
        });
        assertThat(silent.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCause(bad));
    }

    @Test
    void theEndOfItsTaskClosesAReadStreamAndTellsIt() {
        List<Throwable> told = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            ReadStream<Integer> stream = Bridges.toReadStream(counting(5, log));
            stream.exceptionHandler(told::add).handler(i -> stream.pause());
            return ms(100);
        }));
        assertThat(log).containsExactly("begin", "make 1", "cleanup");
        assertThat(told).singleElement().isInstanceOf(CancelledException.class);
    }

    // ---- into a WriteStream

    /** Is full at two, and drains after a while. */
    private class Target implements WriteStream<Integer> {
        final List<Integer> written = new ArrayList<>();
        private int queued;
        private int most;
        private boolean failing;

        @Nullable
        Handler<Void> drainHandler;

        @Override
        public Future<Void> write(Integer element) {
            if (failing) {
                return ms(1).compose(v -> Future.failedFuture(bad));
            }
            written.add(element);
            most = Math.max(most, ++queued);
            return Tasks.shield(() -> ms(7).onSuccess(v -> {
                queued--;
                if (queued == 0 && drainHandler != null) {
                    drainHandler.handle(null);
                }
            }));
        }

        @Override
        public Future<Void> end() {
            return logged(log, "end of target");
        }

        @Override
        public boolean writeQueueFull() {
            return queued >= 2;
        }

        @Override
        public WriteStream<Integer> drainHandler(@Nullable Handler<Void> handler) {
            drainHandler = handler;
            return this;
        }

        @Override
        public WriteStream<Integer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Integer> setWriteQueueMaxSize(int size) {
            return this;
        }
    }

    @Test
    @Tag("semantics-119")
    void aPipeWaitsWhenItsTargetIsFullAndEndsIt() {
        Target target = new Target();
        resultOf(VirtualRun.of(() -> Bridges.pipeTo(Streams.of(upTo(9)), target)));
        assertThat(target.written).isEqualTo(upTo(9));
        assertThat(target.most).isEqualTo(2);
        assertThat(target.drainHandler).isNull();
        assertThat(log).containsExactly("end of target");
    }

    @Test
    void aPipeWhoseWriteOrSourceFailsClosesTheSourceAndDoesNotEndItsTarget() {
        Target target = new Target();
        target.failing = true;
        AsyncGenerator<Integer> slow = AsyncGenerator.of(emitter -> Tasks.finallyDo(
                () -> emitter.emit(1).compose(v -> Scripts.<Void>ages()), () -> logged(log, "cleanup")));
        assertThat(failureOf(VirtualRun.of(() -> Bridges.pipeTo(slow, target)))).isSameAs(bad);
        assertThat(log).containsExactly("cleanup");
        AsyncGenerator<Integer> broken =
                AsyncGenerator.of(emitter -> emitter.emit(1).compose(v -> Future.failedFuture(bad)));
        assertThat(failureOf(VirtualRun.of(() -> Bridges.pipeTo(broken, new Target()))))
                .isSameAs(bad);
        assertThat(log).containsExactly("cleanup");
    }

    @Test
    void aCancelledPipeClosesItsSource() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> pipe = Tasks.start(() -> Bridges.pipeTo(counting(100, log), new Target()));
            return ms(55).compose(v -> pipe.cancelAndJoin())
                    .onSuccess(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class));
        }));
        assertThat(log).endsWith("cleanup").doesNotContain("end of target");
    }

    @Test
    void aLimitAheadOfLessThanOneIsRefused() {
        assertThatThrownBy(() -> from(new Source(), 0)).hasMessage("at most 0 elements ahead: it takes 1 or more");
    }

    @Test
    void aTargetThatHasDrainedBeforeAnybodyListensIsWrittenOn() {
        Target target = new Target() {
            @Override
            public boolean writeQueueFull() {
                // full when it is asked after the write, and not a moment later: its loop is another one
                return drainHandler == null;
            }
        };
        resultOf(VirtualRun.of(() -> Bridges.pipeTo(Streams.of(upTo(3)), target)));
        assertThat(target.written).isEqualTo(upTo(3));
    }

    @Test
    void ofWritesThatFailTheFirstErrorCounts() {
        IllegalStateException worse = new IllegalStateException("worse");
        Target target = new Target() {
            @Override
            public Future<Void> write(Integer element) {
                return ms(element).compose(v -> Future.failedFuture(element == 3 ? bad : worse));
            }
        };
        assertThat(failureOf(VirtualRun.of(() -> Bridges.pipeTo(Streams.of(List.of(3, 4)), target))))
                .isSameAs(bad);
    }

    @Test
    @Tag("semantics-119")
    void anElementThatComesWhenItIsPausedOrHasNoReaderWaitsForTheNextDemand() {
        List<Integer> got = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            ReadStream<Integer> stream = Bridges.toReadStream(counting(3, log));
            stream.handler(got::add).endHandler(end -> log.add("end"));
            return ms(15).compose(v -> {
                        stream.pause();
                        return ms(100);
                    })
                    .compose(v -> {
                        assertThat(got).containsExactly(1);
                        stream.handler(null);
                        stream.fetch(1);
                        return ms(100);
                    })
                    .compose(v -> {
                        stream.handler(got::add);
                        return ms(100);
                    })
                    .compose(v -> {
                        assertThat(got).containsExactly(1, 2);
                        stream.resume();
                        return ms(100);
                    });
        }));
        assertThat(got).containsExactly(1, 2, 3);
        assertThat(log).endsWith("make 3", "cleanup", "end");
    }

    @Test
    void aReaderThatGoesAwayGetsNoMoreUntilItIsBack() {
        List<Integer> got = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            ReadStream<Integer> stream = Bridges.toReadStream(Streams.of(upTo(3)));
            stream.pause().handler(got::add);
            return ms(1).compose(v -> {
                        stream.handler(null);
                        stream.fetch(1);
                        return ms(1);
                    })
                    .compose(v -> {
                        assertThat(got).isEmpty();
                        stream.handler(got::add);
                        return ms(1);
                    })
                    .compose(v -> {
                        assertThat(got).containsExactly(1);
                        stream.resume();
                        return ms(1);
                    });
        }));
        assertThat(got).isEqualTo(upTo(3));
    }
}
