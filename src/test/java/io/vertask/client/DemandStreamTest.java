package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DemandStreamTest {
    private final List<Object> got = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static Future<Void> ms(long ms) {
        return Tasks.sleep(Duration.ofMillis(ms));
    }

    private VirtualRun<Void> read(Function<DemandStream<Integer>, Future<Void>> program) {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            DemandStream<Integer> stream = new DemandStream<>(() -> {});
            stream.handler(got::add)
                    .endHandler(end -> got.add("end"))
                    .exceptionHandler(error -> got.add(error.getMessage()));
            stream.open(ContextInternal.current());
            return program.apply(stream);
        });
        assertThat(run.outcome().isSuccess()).as("%s", run.outcome()).isTrue();
        return run;
    }

    @Test
    void theFirstFailureCountsAndNoneAfterTheEnd() {
        read(stream -> {
            stream.offer(1);
            stream.fail(bad);
            stream.fail(new IllegalStateException("worse"));
            return ms(1);
        });
        assertThat(got).containsExactly(1, "bad");
        got.clear();
        read(stream -> {
            stream.end();
            stream.fail(bad);
            return ms(1);
        });
        assertThat(got).containsExactly("end");
    }

    @Test
    void whatAReadersHandlerThrowsIsReportedAndTheNextItemComes() {
        VirtualRun<Void> run = read(stream -> {
            stream.handler(item -> {
                got.add(item);
                throw bad;
            });
            stream.offer(1);
            stream.offer(2);
            return ms(1);
        });
        assertThat(got).containsExactly(1, 2);
        assertThat(run.unhandled()).containsExactly(bad, bad);
    }

    @Test
    void demandAddsUpAndDoesNotOverflow() {
        read(stream -> {
            stream.pause();
            stream.fetch(1).fetch(1);
            for (int i = 1; i <= 4; i++) {
                stream.offer(i);
            }
            return ms(1).compose(v -> {
                assertThat(got).containsExactly(1, 2);
                stream.fetch(1).fetch(Long.MAX_VALUE);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> stream.fetch(-1))
                        .withMessage("fetch(-1): the amount must not be negative");
                return ms(1);
            });
        });
        assertThat(got).containsExactly(1, 2, 3, 4);
    }
}
