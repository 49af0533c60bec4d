package io.vertask.app.workload;

import io.vertask.app.job.Job;
import io.vertask.client.Reached;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The context of a workload: the run that it is made for.
 *
 * @param run the run's id
 * @param resumed whether the run resumes one of an earlier process
 * @param env the variables of the environment
 * @param reached counts the effects of cancelling the run's calls
 * @param console takes messages for people
 */
public record WorkloadContext(
        Job job, String run, boolean resumed, Map<String, String> env, Reached reached, Consumer<String> console) {}
