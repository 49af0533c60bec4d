package io.vertask.app.cli;

import io.vertask.app.run.ExitCode;
import io.vertask.app.run.Version;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The whole command line: no argument is the demo, and a first argument that is no verb is a job file. */
@Command(
        name = "vertask",
        subcommands = {RunVerb.class, DemoVerb.class, TourVerb.class, CheckVerb.class},
        mixinStandardHelpOptions = true,
        version = "vertask " + Version.TEXT,
        sortOptions = false,
        headerHeading = "Examples:%n"
                + "  ./run.sh                                the demo%n"
                + "  ./run.sh conf/url_status.yaml -c 5      run a job, five items at once%n"
                + "%n",
        description =
                "Runs many HTTP calls or queries at once, with limits, timeouts and a cancel that reaches the wire.")
public final class Cli {
    private Cli() {}

    /** Runs the command that {@code args} name and returns the exit code of the process. */
    public static int execute(String... args) {
        CommandLine cli = new CommandLine(new Cli());
        cli.setCaseInsensitiveEnumValuesAllowed(true);
        cli.setParameterExceptionHandler(Cli::wrongUsage);
        cli.setExecutionExceptionHandler((bug, command, parsed) -> report(bug, command.getErr()));
        try {
            return cli.execute(withVerb(cli, args));
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
    private static String[] withVerb(CommandLine cli, String... args) {
        List<String> global = List.of("-h", "--help", "-V", "--version");
        if (args.length == 0) {
            return new String[] {"demo"};
        }
        if (cli.getSubcommands().containsKey(args[0]) || global.contains(args[0])) {
            return Arrays.stream(args).map(Cli::exact).toArray(String[]::new);
        }
        return Stream.concat(Stream.of("run"), Arrays.stream(args).map(Cli::exact))
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
