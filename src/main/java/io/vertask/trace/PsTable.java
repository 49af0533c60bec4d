package io.vertask.trace;

import io.vertask.task.TaskInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text of a table of tasks, with columns as wide as their content. */
final class PsTable {
    /** Stands for all blocks of a task. */
    static final int ALL = -2;

    /** Describes what a task waits for. */
    interface Waits {
        String of(TaskInfo task, int block);
    }

    private PsTable() {}

    static String of(List<TaskInfo> tasks, Waits waits) {
        boolean sites = tasks.stream().anyMatch(task -> task.site() != null);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "PARENT", "STATE", "AGE", "TASK", "WAITS FOR", sites ? "STARTED AT" : ""));
        for (TaskInfo task : tasks) {
            rows.add(List.of(
                    "#" + task.id(),
                    task.parent() == null ? "-" : "#" + task.parent(),
                    task.state().name(),
                    DisplayText.of(task.age()),
                    DisplayText.line(task.path()),
                    waits.of(task, ALL),
                    text(task.site())));
        }
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        });
        return table.toString();
    }

    private static String text(@Nullable String site) {
        return site == null ? "" : site;
    }
}
