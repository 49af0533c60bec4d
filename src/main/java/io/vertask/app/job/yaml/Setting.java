package io.vertask.app.job.yaml;

import java.util.List;

/**
 * One value that is laid over a job file, like {@code limits.concurrency=4}, with its origin.
 *
 * @param origin for people: {@code --set}, {@code -c}, {@code VERTASK_CONCURRENCY}
 * @param path the keys, with dots between
 * @param assigns whether a value was given at all: {@code --set} needs an {@code =}
 */
public record Setting(String origin, String path, String value, boolean assigns) {

    private static final String SET = "--set";

    /** A {@code --set a.b=c}, as it was written. */
    public static Setting set(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Setting(SET, text, "", false)
                : new Setting(SET, text.substring(0, equals), text.substring(equals + 1), true);
    }

    /** A flag that stands for one key. */
    public static Setting flag(String flag, String path, String value) {
        return new Setting(flag, path, value, true);
    }

    /** An environment variable that stands for one key. */
    public static Setting variable(String name, String path, String value) {
        return new Setting(name, path, value, true);
    }

    List<String> keys() {
        return List.of(path.split("\\.", -1));
    }

    /** The text for messages: {@code --set limits.concurrency=4}, {@code -c 4}, {@code VERTASK_RATE=10/s}. */
    String shown() {
        String safe = SecretText.shown(value, keys());
        if (origin.equals(SET)) {
            String whole = SecretText.guess(path).isEmpty() ? MessageText.visible(path) : Secret.MASK;
            return SET + " " + whole + (assigns ? "=" + safe : "");
        }
        return origin + (origin.startsWith("-") ? " " : "=") + safe;
    }
}
