/**
 * The contents of a job file as records. Enter by {@link io.vertask.app.job.JobReader}: it turns a text into a
 * {@link io.vertask.app.job.Job}, or into {@link io.vertask.app.job.yaml.JobErrors} with every mistake at once.
 *
 * <p>The room runs nothing and opens nothing. It may use {@code app.job.template} and {@code app.job.yaml}, the two
 * rooms below it, and {@code app.step}. It is larger than other rooms because each section of a job file is a record
 * that reads itself.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Text → tree with places → {@code --set} laid over it → records. Every section reads itself through
 *       {@code Fields}; a map with one of several forms through {@code Forms}.
 *   <li>The forms of steps are given to the reader, so that a new kind of step changes no file here. All that depends
 *       on the kind of step is a method of {@link io.vertask.app.job.Step}.
 *   <li>{@code as} is a URL template when it begins with http:// or https://, and plain text otherwise.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.job;
