package io.vertask.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Marks a test that is repeated with a cancel at every point where its program can be suspended: first without a
 * cancel, then with the main task cancelled before its first turn, its second, and so on to the end. The method takes a
 * {@link VirtualLoop}. The repetitions run one after the other, also when JUnit runs tests in parallel: the first one
 * tells how many there are.
 *
 * <pre>{@code
 * @CancelAtEveryTurn
 * void closedAsOftenAsOpened(VirtualLoop loop) {
 *     loop.run(() -> program());
 *     assertThat(closed).isEqualTo(opened);
 * }
 * }</pre>
 */
@TestTemplate
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(Repetitions.class)
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface CancelAtEveryTurn {}
