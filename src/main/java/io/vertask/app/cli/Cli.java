package io.vertask.app.cli;

import io.vertask.app.job.Version;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The whole command line: no argument is the demo, and a first argument that is no verb is a job file. */
@Command(
        name = "vertask",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh                                the demo%n"
                + "  ./run.sh conf/url_status.yaml -c 5      run a job, five items at once%n"
                + "%n",
        description =
                "Runs many HTTP calls or queries at once, with limits, timeouts and a cancel that reaches the wire.")
public final class Cli {
    private static final List<String> HELP = List.of("-h", "--help");
    private static final List<String> GLOBAL = List.of("-h", "--help", "-V", "--version");

    /** In the order of the help. */
    private static final List<Verb> VERBS = List.of(
            new Verb("run", true, RunVerb::new),
            new Verb("demo", true, DemoVerb::new),
            new Verb("tour", false, session -> new TourVerb()),
            new Verb("check", false, session -> new CheckVerb()));

    /** {@code runsJobs}: whether it needs what {@link Session#ahead} makes. */
    private record Verb(String name, boolean runsJobs, Function<Session, Object> command) {}

    private Cli() {}

    /** Runs the command that {@code args} name and returns the exit code of the process. */
    public static int execute(String... args) {
        String[] words = withVerb(args);
        boolean helps = Arrays.stream(words).anyMatch(HELP::contains);
        try (Session session = new Session()) {
            if (!helps && VERBS.stream().anyMatch(verb -> verb.runsJobs && verb.name.equals(words[0]))) {
                session.ahead();
            }
            CommandLine cli = new CommandLine(new Cli());
            cli.getCommandSpec().versionProvider(() -> new String[] {"vertask " + Version.TEXT});
            // to learn what a verb takes costs a short run as much as a request; only the help has to know of all
            VERBS.stream()
                    .filter(verb -> GLOBAL.contains(words[0]) || verb.name.equals(words[0]))
                    .forEach(verb -> cli.addSubcommand(verb.command.apply(session)));
            cli.setCaseInsensitiveEnumValuesAllowed(true);
            cli.setParameterExceptionHandler(Cli::wrongUsage);
            cli.setExecutionExceptionHandler((bug, command, parsed) -> report(bug, command.getErr()));
            return execute(cli, words);
        }
    }

    private static int execute(CommandLine cli, String... words) {
        try {
            return cli.execute(words);
        } catch (Error bug) { // picocli lets it pass, and the JVM would make an exit code 1 of it
            return report(bug, cli.getErr());
        }
    }

    private static int report(Throwable bug, PrintWriter err) {
        err.println("this is a bug in Vertask, please report it:");
        bug.printStackTrace(err);
        err.flush();
        return ExitCode.BUG.code();
    }

    /** {@code JOB.yaml …} is short for {@code run JOB.yaml …}, and nothing at all for {@code demo}. */
    private static String[] withVerb(String... args) {
        if (args.length == 0) {
            return new String[] {"demo"};
        }
        boolean known = GLOBAL.contains(args[0]) || VERBS.stream().anyMatch(verb -> verb.name.equals(args[0]));
        return Stream.concat(
                        known ? Stream.empty() : Stream.of("run"),
                        Arrays.stream(args).map(Cli::exact))
                .toArray(String[]::new);
    }

    /** A bare {@code --resume} must not take the argument after it for its run. */
    private static String exact(String arg) {
        return arg.equals(OutputFlags.RESUME) ? arg + "=" + OutputFlags.LATEST : arg;
    }

    private static int wrongUsage(ParameterException wrong, String... args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return ExitCode.USAGE.code();
    }
}
