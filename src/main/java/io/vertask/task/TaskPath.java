package io.vertask.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The text of task names and paths. */
final class TaskPath {
    /** The number of names that a path shows at most, since a tree may be deeper than a message should be long. */
    static final int NAMES = 16;

    private TaskPath() {}

    /** The name of a task that was given none. */
    static String nameOf(long id) {
        return "task-" + id;
    }

    /**
     * The path in front of the name of a task, with a slash at the end.
     *
     * @param names the tasks above, the nearest first
     * @param more whether there are tasks above those
     */
    static String above(List<String> names, boolean more) {
        List<String> parts = new ArrayList<>(names);
        if (more) {
            parts.add("…");
        }
        Collections.reverse(parts);
        return String.join("/", parts) + "/";
    }
}
