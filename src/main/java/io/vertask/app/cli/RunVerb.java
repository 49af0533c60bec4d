package io.vertask.app.cli;

import io.vertask.app.job.Items;
import io.vertask.app.job.Job;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.run.StepKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code run JOB.yaml [ITEM...]}: it reads a job and runs it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh conf/parallel_api.yaml                       the file's items%n"
                + "  ./run.sh conf/parallel_api.yaml eclipse/jetty -c 2    this one instead%n"
                + "%n",
        header = "Runs a job.",
        description = "The items come from the file, or from the command line.")
final class RunVerb implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "the job file; - reads it from stdin")
    private String file = "-";

    @Parameters(index = "1..*", paramLabel = "ITEM", description = "items that replace the file's `each`")
    private List<String> items = new ArrayList<>();

    @Mixin
    private JobFlags flags = new JobFlags();

    @Option(names = "--dry-run", description = "shows the first three calls and the number of items, sends nothing")
    private boolean dryRun;

    @Mixin
    private final OutputFlags shown = new OutputFlags();

    private final Session session;

    RunVerb(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        shown.check();
        JobFile read;
        try {
            read = JobFile.read(file);
        } catch (IOException e) {
            System.err.println(MessageText.lines(String.valueOf(e.getMessage())));
            return ExitCode.USAGE.code();
        }
        Job job;
        try {
            Map<String, String> env = System.getenv();
            job = StepKinds.BUILT_IN.reader().readWith(read.name(), read.text(), env, flags.settings(env), items);
        } catch (JobErrors mistakes) {
            System.err.println(mistakes.getMessage());
            return ExitCode.USAGE.code();
        }
        if (file.equals("-") && job.each().items() instanceof Items.Stdin) {
            System.err.println(
                    "the job itself is read from stdin, so its items can't be: put the job into a file, or the"
                            + " items into one and write each: {file: items.txt}");
            return ExitCode.USAGE.code();
        }
        if (dryRun) {
            return session.run(open -> open.dryRun(job)).code();
        }
        return session.run(open -> open.run(job, shown.output(), shown.startMode()))
                .code();
    }
}
