package io.vertask.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that is repeated with one seed after another. The method takes a {@link VirtualLoop}, on which the seed
 * decides the order of ready steps: the same seed gives the same interleaving.
 *
 * <p>A failure names its seed; the system property {@value #SEED} runs only that seed.
 */
@TestTemplate
@ExtendWith(Repetitions.class)
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Schedules {
    /** The system property that names the only seed to run. */
    String SEED = "vertask.seed";

    /** The number of seeds, counted from 0. */
    int seeds() default 100;
}
