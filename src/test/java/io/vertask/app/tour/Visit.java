package io.vertask.app.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** A tour and what it printed: {@code lines} are the results. */
record Visit(int exitCode, List<String> lines, List<String> err) {

    static Visit to(String... names) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = Tour.run(List.of(names), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return new Visit(
                exitCode,
                out.toString(UTF_8).lines().toList(),
                err.toString(UTF_8).lines().toList());
    }
}
