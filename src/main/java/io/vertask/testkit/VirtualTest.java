package io.vertask.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test whose programs run once, on a virtual clock, first in, first out. The method takes a
 * {@link VirtualLoop}.
 *
 * <pre>{@code
 * @VirtualTest
 * void anHourPassesAtOnce(VirtualLoop loop) throws Exception {
 *     assertThat(loop.value(() -> Tasks.sleep(Duration.ofHours(1)).map("slept"))).isEqualTo("slept");
 * }
 * }</pre>
 */
@TestTemplate
@ExtendWith(Repetitions.class)
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface VirtualTest {}
