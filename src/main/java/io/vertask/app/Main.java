package io.vertask.app;

import io.vertask.app.cli.Cli;

/** Where {@code java -jar vertask.jar} begins. */
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        // from this plain thread, after everything is closed: the fastest way for a JVM with Vert.x in it to end
        System.exit(Cli.execute(args));
    }
}
