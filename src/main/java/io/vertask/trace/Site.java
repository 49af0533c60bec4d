package io.vertask.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of user code in a stack: the innermost one that belongs neither to the platform nor to this library.
 */
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

    /** The line of user code in the current stack; null when there is none. */
    static @Nullable String here() {
        return WALKER.walk(frames -> frames.filter(frame -> isOwn(frame.getClassName()))
                .findFirst()
                .map(frame -> text(frame.toStackTraceElement()))
                .orElse(null));
    }

    /** The line of user code in {@code stack}; its innermost line when there is none, null when it is empty. */
    static @Nullable String in(List<StackTraceElement> stack) {
        return stack.stream()
                // a lambda's generated class has no line numbers, nor has a method that is just being entered
                .filter(frame -> frame.getLineNumber() >= 0 && isOwn(frame.getClassName()))
                .findFirst()
                // user code compiled without line numbers; a lambda's generated class has no file name either
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
