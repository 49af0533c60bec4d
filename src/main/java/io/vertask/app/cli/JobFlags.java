package io.vertask.app.cli;

import io.vertask.app.job.yaml.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags and environment variables that override values of the job file.
 *
 * <p>A flag wins over {@code VERTASK_…}, which wins over the file.
 */
final class JobFlags {
    @Option(names = "-c", paramLabel = "N", description = "number of items at once (limits.concurrency)")
    private @Nullable String concurrency;

    @Option(names = "--rate", paramLabel = "N/s|m|h", description = "attempts sent, like 10/s (limits.rate)")
    private @Nullable String rate;

    @Option(names = "--timeout", paramLabel = "TIME", description = "for one attempt, like 10s (limits.timeout)")
    private @Nullable String timeout;

    @Option(names = "--deadline", paramLabel = "TIME", description = "for the whole job, like 30m (limits.deadline)")
    private @Nullable String deadline;

    @Option(names = "--retries", paramLabel = "N", description = "attempts after the first (limits.retries)")
    private @Nullable String retries;

    @Option(
            names = "--allow-failures",
            paramLabel = "N|N%",
            description = "failed items that still make a success (limits.allow_failures)")
    private @Nullable String allowFailures;

    @Option(
            names = "--stop-after",
            paramLabel = "N|N%",
            description = "failed items that end the job early (limits.stop_after)")
    private @Nullable String stopAfter;

    @Option(names = "--set", paramLabel = "A.B=C", description = "replaces one value of the file; may be repeated")
    private List<String> sets = new ArrayList<>();

    /** The values that override the file, in rising precedence. */
    List<Setting> settings(Map<String, String> env) {
        List<Setting> all = new ArrayList<>();
        List<Setting> flags = new ArrayList<>();
        limit("-c", "concurrency", concurrency, env, all, flags);
        limit("--rate", "rate", rate, env, all, flags);
        limit("--timeout", "timeout", timeout, env, all, flags);
        limit("--deadline", "deadline", deadline, env, all, flags);
        limit("--retries", "retries", retries, env, all, flags);
        limit("--allow-failures", "allow_failures", allowFailures, env, all, flags);
        limit("--stop-after", "stop_after", stopAfter, env, all, flags);
        sets.forEach(set -> all.add(Setting.set(set)));
        all.addAll(flags);
        return all;
    }

    private static void limit(
            String flag,
            String key,
            @Nullable String value,
            Map<String, String> env,
            List<Setting> variables,
            List<Setting> flags) {
        String variable = "VERTASK_" + key.toUpperCase(java.util.Locale.ROOT);
        String fromEnv = env.get(variable);
        if (fromEnv != null && !fromEnv.isEmpty()) {
            variables.add(Setting.variable(variable, "limits." + key, fromEnv));
        }
        if (value != null) {
            flags.add(Setting.flag(flag, "limits." + key, value));
        }
    }
}
