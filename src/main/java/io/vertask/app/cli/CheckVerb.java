package io.vertask.app.cli;

import io.vertask.app.job.Job;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Setting;
import io.vertask.app.run.StepKinds;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code check FILE...}: it reports all mistakes of job files at once and runs nothing. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh check conf/*.yaml                     every mistake%n"
                + "  ./run.sh check --effective conf/db_users.yaml  the merged file%n"
                + "%n",
        header = "Reports all mistakes of job files at once.",
        description = "Reports all mistakes of job files at once; nothing is run.")
final class CheckVerb implements Callable<Integer> {
    private static final long CLOSE_SECONDS = 10;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "a job file; - reads it from stdin")
    private List<String> files = new ArrayList<>();

    @Option(names = "--connect", description = "also tries the clients: host, TLS, login; no request is sent")
    private boolean connect;

    @Option(names = "--effective", description = "prints the merged file, and where each value came from")
    private boolean effective;

    @Option(names = "--schema", description = "prints the JSON Schema of job files, for editors")
    private boolean schema;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private JobFlags flags = new JobFlags();

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private @Nullable Vertx vertx;

    @Override
    public Integer call() throws Exception {
        if (schema) {
            out.print(StepKinds.BUILT_IN.reader().schema());
            return ExitCode.OK.code();
        }
        if (files.isEmpty()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "check needs a job file, like conf/url_status.yaml");
        }
        try {
            ExitCode worst = ExitCode.OK;
            for (String file : files) {
                ExitCode one = check(file);
                worst = one == ExitCode.USAGE || worst == ExitCode.OK ? one : worst;
            }
            return worst.code();
        } finally {
            if (vertx != null) {
                vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private ExitCode check(String file) {
        Map<String, String> env = System.getenv();
        try {
            JobFile read = JobFile.read(file);
            List<Setting> settings = flags.settings(env);
            Job job = StepKinds.BUILT_IN.reader().readWith(read.name(), read.text(), env, settings);
            job.notes().forEach(err::println);
            job.resumeNote().ifPresent(err::println);
            if (effective) {
                StepKinds.BUILT_IN
                        .reader()
                        .effective(read.name(), read.text(), env, settings)
                        .forEach(out::println);
            } else {
                out.println(read.name() + ": ok, job " + job.name() + ", " + items(job));
            }
            return !connect
                            || Connections.probe(
                                    job, vertx(), env, out::println, line -> err.println(MessageText.lines(line)))
                    ? ExitCode.OK
                    : ExitCode.NOT_STARTED;
        } catch (IOException | JobErrors wrong) {
            err.println(MessageText.lines(String.valueOf(wrong.getMessage())));
            return ExitCode.USAGE;
        }
    }

    private static String items(Job job) {
        OptionalLong count = job.each().count();
        return count.isEmpty()
                ? "number of items not known before the end of the input"
                : count.getAsLong() == 1 ? "1 item" : count.getAsLong() + " items";
    }

    private Vertx vertx() {
        Vertx known = vertx;
        if (known == null) {
            known = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
            vertx = known;
        }
        return known;
    }
}
