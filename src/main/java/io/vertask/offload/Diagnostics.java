package io.vertask.offload;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The text of thread locations and durations in messages. */
final class Diagnostics {
    /** Prefixes of classes that are not the user's code. */
    private static final List<String> PLATFORM = List.of("java.", "jdk.", "sun.", "io.vertask.offload.OffloadedJob");

    private Diagnostics() {}

    /** The innermost line of user code that {@code thread} is at, such as {@code Sha256.run (Sha256.java:88)}. */
    static String of(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        for (StackTraceElement frame : stack) {
            if (PLATFORM.stream().noneMatch(frame.getClassName()::startsWith)) {
                return text(frame);
            }
        }
        return stack.length == 0 ? "no code" : text(stack[0]);
    }

    private static String text(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName() + " (" + frame.getFileName()
                + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber()) + ")";
    }

    /** The nanoseconds of {@code duration}, at most {@link Long#MAX_VALUE}. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** Such as {@code 10s}, {@code 1.5s}, {@code 200ms}. */
    static String text(Duration duration) {
        long ms = duration.toMillis();
        return ms < 1000
                ? ms + "ms"
                : BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
