package io.vertask.app;

import io.vertask.app.cli.Cli;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The entry point of {@code java -jar vertask.jar}. */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        // UTF-8 in every locale, as for the results: a `•` must not become a `?`
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        // everything is closed by now; exiting from this plain thread is the fastest way to end a JVM that runs Vert.x
        System.exit(Cli.execute(args));
    }
}
