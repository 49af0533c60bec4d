package io.vertask.task;

import org.jspecify.annotations.Nullable;

/** The path of a task: its name after those of the tasks above it. */
final class TaskPath {
    /** It shows so many names at most: trees may be deeper than a message should be long. */
    private static final int NAMES = 16;

    private TaskPath() {}

    /** The name of a task that was given none. */
    static String nameOf(long id) {
        return "task-" + id;
    }

    static String of(RunningTask<?> task) {
        return above(task) + task.name();
    }

    /** What stands in front of the name of {@code task}: empty for a root. */
    static String above(RunningTask<?> task) {
        RunningTask<?> above = task.taskAbove();
        return above == null ? "" : prefix(above);
    }

    /** The names of {@code task} and those above it, at most so many that one more is a whole path. */
    private static String prefix(RunningTask<?> task) {
        Seldom seldom = task.seldomOrNull();
        String known = seldom == null ? null : seldom.prefix;
        if (known != null) {
            return known;
        }
        StringBuilder names = new StringBuilder("/");
        @Nullable RunningTask<?> next = task;
        for (int count = 1; next != null; count++) {
            names.insert(0, next.name());
            next = next.taskAbove();
            if (next != null && count == NAMES - 1) {
                names.insert(0, "…/");
                break;
            }
            if (next != null) {
                names.insert(0, "/");
            }
        }
        String made = names.toString();
        task.seldom().prefix = made;
        return made;
    }
}
