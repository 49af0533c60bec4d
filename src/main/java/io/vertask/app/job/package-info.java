/**
 * What a job file says. Enter by {@link io.vertask.app.job.JobReader#read}: a text becomes a
 * {@link io.vertask.app.job.Job} of plain records, or {@link io.vertask.app.job.JobErrors} with every mistake at once.
 *
 * <p>The room runs nothing and opens nothing. It may use snakeyaml-engine, vertx-uri-template and vertx-core's JSON
 * types, and no other room.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Text → tree with places ({@code YamlText}, {@code YamlTree}) → {@code --set} laid over it ({@code Overrides}) →
 *       records. Every section reads itself through {@code Fields}; a map with one of several forms through
 *       {@code Forms}. A section, a client or a step more is a file more, and a line where its like are listed.
 *   <li>A misspelt key is reported and then read as the key it resembles, so one go finds all mistakes.
 *   <li>YAML 1.2, numbers as in JSON: {@code no}, {@code 007}, {@code 0o17} and {@code 1_000} are text.
 *   <li>Variables are replaced inside scalars of the parsed tree and the result is text, so an environment can never
 *       create structure. Messages show what the file says ({@code ${VAR}}), never the value.
 *   <li>Excerpts hide secrets; which ones they are is in {@code SecretText} alone.
 *   <li>{@code as} is a URL template when it begins with http:// or https://, and plain text otherwise.
 *   <li>A selector that finds nothing gives null, as an answer may leave a field out; a template that finds nothing
 *       fails.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.job;
