package io.vertask.app.cli;

import io.vertask.app.memory.OutOfMemory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The end of a process whose memory has run out: one message, and exit code 70 at once.
 *
 * <p>The first {@link OutOfMemoryError} that anything catches, logs or lets through ends the process. Its messages are
 * made beforehand, because nothing may be left to make them with. The JVM's own flag for this would end with code 3,
 * which has another meaning here, and does not see direct memory.
 *
 * <p><b>Threads.</b> Any.
 */
final class MemoryEnd implements UncaughtExceptionHandler {
    private static final String END = " Halted: what was recorded stays recorded, and --resume continues from it.\n";

    private final AtomicBoolean ended = new AtomicBoolean();
    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    private final byte[] heap;
    private final byte[] crowded;
    private final byte[] direct;
    private final byte[] classes;
    private final byte[] threads;

    /** Freed before the message is written. */
    private final AtomicReference<byte @Nullable []> reserve = new AtomicReference<>(new byte[1 << 20]);

    private MemoryEnd() {
        long megabytes = Math.max(1, Runtime.getRuntime().maxMemory() >> 20);
        String more = "Give it more, like VERTASK_JAVA_OPTS=-Xmx" + 2 * megabytes
                + "m ./run.sh ..., or do fewer items at once (-c)." + END;
        heap = bytes("out of memory: the Java heap of " + megabytes + " MB is full. " + more);
        crowded = bytes("out of memory: the Java heap of " + megabytes
                + " MB is so full that the process only collects garbage. " + more);
        direct = bytes("out of memory: the direct memory for connections is full. "
                + "Give it more, like VERTASK_JAVA_OPTS='-Xmx" + 2 * megabytes + "m -XX:MaxDirectMemorySize="
                + 2 * megabytes + "m' ./run.sh ..., or do fewer items at once (-c)." + END);
        classes = bytes("out of memory: the space for classes is full. Give it more, like "
                + "VERTASK_JAVA_OPTS=-XX:MaxMetaspaceSize=512m ./run.sh ... (the heap's -Xmx does not help)." + END);
        threads = bytes("out of memory: the system gives no more threads or memory. Raise its limits (ulimit -u, "
                + "the container's memory), or lower the heap with VERTASK_JAVA_OPTS=-Xmx..., or do fewer items at "
                + "once (-c)." + END);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends the process at the first such error that a thread does not catch, or that {@link OutOfMemory} is given. */
    static MemoryEnd install() {
        MemoryEnd end = new MemoryEnd();
        end.rehearse();
        Thread.setDefaultUncaughtExceptionHandler(end);
        return end;
    }

    /** Takes every step of the end but the last, because a class or a text that is used first needs memory. */
    private void rehearse() {
        OutOfMemory.in(new IllegalStateException());
        words("rehearsal");
        ExitCode.BUG.code();
        try {
            Class.forName("java.lang.Shutdown");
            err.write(heap, 0, 0);
        } catch (ClassNotFoundException | IOException notNeeded) {
            // this JVM halts without that class, or stderr is closed
        }
    }

    /** Also ends it when such an error is logged, which is all that Netty and Vert.x do with some. */
    void watchLogs() {
        Logger.getLogger("").addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                OutOfMemory.check(entry.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        OutOfMemoryError memory = OutOfMemory.in(error);
        if (memory != null) {
            reserve.set(null);
            halt(words(memory.getMessage()));
        }
        System.err.println("in thread " + thread.getName() + ", and nothing waited for it:");
        error.printStackTrace();
    }

    /** Ends a process that does nothing but collect garbage. */
    void crowded() {
        halt(crowded);
    }

    private byte[] words(@Nullable String message) {
        if (message == null) {
            return heap;
        }
        if (message.contains("direct ") || message.startsWith("Direct ")) { // the JDK's and Netty's
            return direct;
        }
        if (message.startsWith("Metaspace") || message.startsWith("Compressed class space")) {
            return classes;
        }
        return message.contains("native ") ? threads : heap;
    }

    /** Halts the JVM; a second thread that gets here waits for the first. */
    private void halt(byte[] words) {
        while (!ended.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        try {
            err.write(words);
        } catch (IOException nobodyReads) {
            // the exit code tells it
        } finally {
            Runtime.getRuntime().halt(ExitCode.BUG.code());
        }
    }
}
