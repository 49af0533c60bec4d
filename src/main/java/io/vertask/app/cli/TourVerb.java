package io.vertask.app.cli;

import io.vertask.app.tour.Tour;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code tour [NAME...]}: it runs the programs of the asyncio page on the library. */
@Command(
        name = "tour",
        mixinStandardHelpOptions = true,
        headerHeading = "Examples:%n"
                + "  ./run.sh tour                    all programs, in the page's order%n"
                + "  ./run.sh tour gather cancel      these two%n"
                + "%n",
        header = "Runs the programs of the asyncio page on the library.",
        description = "Runs the programs of the page \"Async patterns with asyncio\" on the library.")
final class TourVerb implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "a program's name")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
        return Tour.run(names, System.out, System.err);
    }
}
