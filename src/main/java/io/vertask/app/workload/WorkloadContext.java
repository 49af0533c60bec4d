package io.vertask.app.workload;

import io.vertask.app.job.Job;
import io.vertask.client.Reached;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The run that a workload is made for.
 *
 * @param run the run's id
 * @param resumed whether the run goes on from where an earlier process left it
 * @param env the variables of the environment
 * @param reached counts what the cancels of the run's calls reach
 * @param console takes lines for people
 */
public record WorkloadContext(
        Job job, String run, boolean resumed, Map<String, String> env, Reached reached, Consumer<String> console) {}
