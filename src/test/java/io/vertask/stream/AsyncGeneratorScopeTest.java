package io.vertask.stream;

import static io.vertask.stream.Samples.counting;
import static io.vertask.stream.Samples.upTo;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Scripts;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which scope a generator lives, whatever limits and groups are around its pulls and in its body. */
class AsyncGeneratorScopeTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-118")
    void aLimitLeftOpenAcrossAnElementStrikesTheGeneratorAndNotItsConsumer() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> limited = AsyncGenerator.of(
                    emitter -> Tasks.timeout(Duration.ofMillis(50), () -> Tasks.forEach(upTo(5), emitter::emit)));
            return limited.next()
                    .compose(first -> ms(100))
                    .onSuccess(v -> log.add("the consumer goes on"))
                    .compose(v -> limited.next())
                    .transform(end -> {
                        assertThat(end.cause()).isInstanceOf(TaskTimeoutException.class);
                        return ms(1);
                    });
        }));
        assertThat(log).containsExactly("the consumer goes on");
    }

    @Test
    @Tag("semantics-118")
    void aGroupLeftOpenAcrossAnElementFailsTheGeneratorAndNotItsConsumer() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> grouped = AsyncGenerator.of(emitter -> TaskGroup.with(group -> {
                group.start(() -> ms(50).compose(v -> Future.failedFuture(bad)));
                return emitter.emit(1);
            }));
            return grouped.next()
                    .compose(first -> ms(100))
                    .compose(v -> grouped.next())
                    .transform(end -> {
                        assertThat(end.cause()).hasCause(bad);
                        return ms(1);
                    });
        }));
    }

    @Test
    @Tag("semantics-118")
    void theConsumersLimitAroundOnePullTakesNothing() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> numbers = counting(3, log);
            return Tasks.timeout(Duration.ofMillis(5), numbers::next)
                    .transform(late -> {
                        assertThat(late.cause()).isInstanceOf(TaskTimeoutException.class);
                        return Streams.toList(numbers, 10);
                    })
                    .onSuccess(all -> assertThat(all).containsExactly(1, 2, 3));
        }));
    }

    @Test
    void aGeneratorMadeInATaskThatIsOverLivesInTheOneThatPullsIt() {
        resultOf(VirtualRun.of(() -> Tasks.start(() -> Future.succeededFuture(counting(2, log)))
                .future()
                .compose(numbers -> Streams.toList(numbers, 10))
                .onSuccess(all -> assertThat(all).containsExactly(1, 2))));
    }

    @Test
    void aGeneratorOutlivesTheLimitAndTheChildInWhichItIsPulledFirst() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> numbers = counting(3, log);
            return Tasks.timeout(Duration.ofSeconds(1), numbers::next)
                    .compose(v -> Tasks.start(numbers::next).future())
                    .compose(v ->
                            TaskGroup.with(group -> group.start(numbers::next).future()))
                    .onSuccess(third -> assertThat(third).hasValue(3))
                    .compose(v -> numbers.close());
        }));
        assertThat(log).endsWith("make 3", "cleanup");
    }

    @Test
    void aGeneratorLeftOpenInAGroupDoesNotHoldTheGroup() {
        resultOf(VirtualRun.of(
                () -> TaskGroup.with(group -> counting(3, log).next()).onSuccess(v -> log.add("group"))));
        assertThat(log).containsExactly("begin", "make 1", "group", "cleanup");
    }

    @Test
    void whatTheBodyLeftRunningIsOverBeforeTheEndIsSeen() {
        resultOf(VirtualRun.of(() -> {
            AsyncGenerator<Integer> messy = AsyncGenerator.of(emitter -> {
                Tasks.start(() -> Tasks.finallyDo(Scripts::<Void>ages, () -> ms(5).onSuccess(v -> log.add("child"))));
                return emitter.emit(1);
            });
            return Streams.forEach(messy, i -> ms(1)).onSuccess(v -> log.add("end"));
        }));
        assertThat(log).containsExactly("child", "end");
    }
}
