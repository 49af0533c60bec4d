package io.vertask.app.workload;

import io.vertask.app.job.Scope;

/**
 * What a successful attempt gave.
 *
 * @param scope the names for {@code print}
 * @param line what to print when the job has no {@code print}
 * @param empty there is nothing to print: no row
 */
public record Answer(Scope scope, String line, boolean empty) {}
