package io.vertask.trace;

import io.vertask.task.TaskInfo;
import io.vertask.task.TaskInfo.OpenBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The text of a tree of tasks and their open blocks. */
final class TreeText {
    /** The deepest level drawn: deeper ones would be wider than any screen. */
    private static final int LEVELS = 64;

    private final List<TaskInfo> tasks;
    private final PsTable.Waits waits;
    private final Function<TaskInfo, String> shared;
    private final Map<@Nullable Long, List<TaskInfo>> children = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    TreeText(List<TaskInfo> tasks, PsTable.Waits waits, Function<TaskInfo, String> shared) {
        this.tasks = tasks;
        this.waits = waits;
        this.shared = shared;
    }

    String draw() {
        if (tasks.isEmpty()) {
            return "no tasks\n";
        }
        tasks.forEach(task ->
                children.computeIfAbsent(task.parent(), id -> new ArrayList<>()).add(task));
        for (TaskInfo root : children.getOrDefault(null, List.of())) {
            task(root, "", "", 0);
        }
        return text.toString();
    }

    private void task(TaskInfo task, String first, String below, int level) {
        line(
                first + DisplayText.line(task.name()) + " (#" + task.id() + ") " + task.state() + " "
                        + DisplayText.of(task.age()) + shared.apply(task)
                        + (task.site() == null ? "" : ", started at " + task.site()),
                waits.of(task, TaskInfo.BODY));
        inside(task, TaskInfo.BODY, below, level);
    }

    /** Draws the content of one block of a task: its inner blocks, then the children that run in it. */
    private void inside(TaskInfo task, int block, String indent, int level) {
        List<OpenBlock> blocks = task.blocks();
        List<Integer> inner = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).outer() == block) {
                inner.add(i);
            }
        }
        List<TaskInfo> here = children.getOrDefault(task.id(), List.of()).stream()
                .filter(child -> child.block() == block)
                .toList();
        int left = inner.size() + here.size();
        if (level == LEVELS && left > 0) {
            line(indent + "└── … and more below", "");
            return;
        }
        for (int index : inner) {
            boolean last = --left == 0;
            line(indent + branch(last) + words(blocks.get(index)), waits.of(task, index));
            inside(task, index, indent + trunk(last), level + 1);
        }
        for (TaskInfo child : here) {
            boolean last = --left == 0;
            task(child, indent + branch(last), indent + trunk(last), level + 1);
        }
    }

    private void line(String line, String waiting) {
        text.append(line).append(waiting.isEmpty() ? "" : ": " + waiting).append('\n');
    }

    private static String branch(boolean last) {
        return last ? "└── " : "├── ";
    }

    private static String trunk(boolean last) {
        return last ? "    " : "│   ";
    }

    private static String words(OpenBlock block) {
        String name = block.name() == null ? "" : " '" + DisplayText.line(block.name()) + "'";
        String limit = block.remaining() == null
                ? ""
                : block.remaining().isNegative()
                        ? ", limit passed"
                        : ", " + DisplayText.of(block.remaining()) + " left";
        return block.kind() + name + limit;
    }
}
