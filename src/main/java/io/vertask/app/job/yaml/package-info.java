/**
 * Reads the text of a job file into a tree whose values know their places, and the tree into typed values. Enter by
 * {@link io.vertask.app.job.yaml.YamlText} and {@link io.vertask.app.job.yaml.Fields}.
 *
 * <p>Every error has file, line and column: {@link io.vertask.app.job.yaml.Mistakes} collects them all, and
 * {@link io.vertask.app.job.yaml.JobErrors} shows them.
 *
 * <p>The room opens nothing, and knows neither templates nor jobs. It may use snakeyaml-engine, vertx-core's JSON and
 * no other room.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A misspelt key is reported and then read as the key it resembles, so one pass finds all mistakes.
 *   <li>YAML 1.2, numbers as in JSON: {@code no}, {@code 007}, {@code 0o17} and {@code 1_000} are text.
 *   <li>Variables are replaced inside scalars of the parsed tree and the result is text, so an environment can never
 *       create structure. Messages show the file's own text ({@code ${VAR}}), never the value.
 *   <li>Excerpts hide secrets; only {@code SecretText} decides which text is secret.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.job.yaml;
