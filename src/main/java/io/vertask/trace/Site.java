package io.vertask.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which line is the program's own: the innermost one that is neither the platform's nor this library's. */
final class Site {
    private static final List<String> NOT_OWN = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "io.netty.",
            "io.vertx.",
            "io.vertask.client.",
            "io.vertask.direct.",
            "io.vertask.offload.",
            "io.vertask.queue.",
            "io.vertask.resource.",
            "io.vertask.server.",
            "io.vertask.stream.",
            "io.vertask.sync.",
            "io.vertask.task.",
            "io.vertask.testkit.",
            "io.vertask.trace.");

    private static final StackWalker WALKER = StackWalker.getInstance();

    private Site() {}

    /** The line that is calling now. */
    static @Nullable String here() {
        return WALKER.walk(frames -> frames.filter(frame -> isOwn(frame.getClassName()))
                .findFirst()
                .map(frame -> text(frame.toStackTraceElement()))
                .orElse(null));
    }

    /** The line in {@code stack}; its innermost one when none is the program's own, null when it is empty. */
    static @Nullable String in(List<StackTraceElement> stack) {
        return stack.stream()
                // the class that the JVM makes of a lambda has no line, nor has a method that is just being entered
                .filter(frame -> frame.getLineNumber() >= 0 && isOwn(frame.getClassName()))
                .findFirst()
                // compiled without lines; the class of a lambda has no file either
                .or(() -> stack.stream()
                        .filter(frame -> frame.getFileName() != null && isOwn(frame.getClassName()))
                        .findFirst())
                .or(() -> stack.stream().findFirst())
                .map(Site::text)
                .orElse(null);
    }

    static boolean isOwn(String type) {
        return NOT_OWN.stream().noneMatch(type::startsWith);
    }

    private static String text(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName() + " (" + frame.getFileName()
                + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber()) + ")";
    }
}
