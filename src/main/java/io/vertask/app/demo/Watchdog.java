package io.vertask.app.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A shell process that waits on a pipe from this JVM and, when the pipe closes, stops the Postgres in a directory and
 * deletes the directory. The kernel closes the pipe however this JVM ends, {@code kill -9} included.
 *
 * <p>It is started before Postgres and reads the process id from {@code postmaster.pid} when needed, so Postgres is
 * never unguarded. It ignores the signals that a terminal sends to the whole foreground group, since it must outlive
 * the JVM.
 *
 * <p><b>Threads.</b> Any thread may call; {@link #release} blocks.
 */
final class Watchdog {
    // $1 is the directory. The process name is checked because the process id in the file may have been reused.
    // A Postgres or initdb that is just starting writes into a directory that is being deleted: hence the loop.
    // 150 rounds take 15 s; a Postgres that still runs 2 s after SIGQUIT gets SIGKILL.
    private static final String SCRIPT = """
            trap '' HUP INT QUIT TERM
            while read -r line; do :; done
            round=0 met=0
            while [ -d "$1" ] && [ $round -lt 150 ]; do
              pid= name=
              { read -r pid < "$1/data/postmaster.pid"; } 2>/dev/null
              case $pid in *[!0-9]*) pid= ;; esac
              [ -n "$pid" ] && { read -r name < "/proc/$pid/comm"; } 2>/dev/null
              if [ "$name" = postgres ]; then
                case $met in
                  0) kill -QUIT "$pid" ;;
                  20) kill -KILL "$pid" ;;
                esac
                met=$((met + 1))
              else
                rm -rf -- "$1"
              fi
              [ -d "$1" ] || break
              sleep 0.1
              round=$((round + 1))
            done
            """;

    private final Process process;

    private Watchdog(Process process) {
        this.process = process;
    }

    static Watchdog over(Path directory) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", SCRIPT, "vertask-demo-postgres-watchdog", directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Watchdog(process);
    }

    /**
     * Closes the pipe and waits until the watchdog has cleaned up.
     *
     * @return whether it finished in time
     */
    boolean release(Duration atMost) throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyClosed) {
            // A broken pipe has the same effect as a closed one.
        }
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
