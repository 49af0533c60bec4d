/**
 * Java classes that a job calls, as in {@code do: {call: com.example.Resize, offload: io}}.
 *
 * <p>Implement {@link io.vertask.app.step.CallableStep} in a public class with a public constructor without parameters,
 * put it on the class path ({@code VERTASK_CLASSPATH} for {@code run.sh}), and name it in {@code call}.
 * {@link io.vertask.app.step.Sha256} is an example.
 *
 * <p>The room uses the library only, so that a step is tested without the program.
 */
@NullMarked
package io.vertask.app.step;

import org.jspecify.annotations.NullMarked;
