/**
 * Steps of one's own: what {@code do: {call: com.example.Resize, offload: io}} names.
 *
 * <p>Implement {@link io.vertask.app.step.CallableStep} in a public class with a public constructor without parameters,
 * put it on the class path ({@code VERTASK_CLASSPATH} for {@code run.sh}), and name it in {@code call}.
 * {@link io.vertask.app.step.Sha256} is one to read.
 *
 * <p>The room uses the library only, so that a step is tested without the program.
 */
@NullMarked
package io.vertask.app.step;

import org.jspecify.annotations.NullMarked;
