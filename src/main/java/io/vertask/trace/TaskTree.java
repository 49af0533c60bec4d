package io.vertask.trace;

import io.vertask.task.Survey;
import io.vertask.task.TaskInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The running tasks as text: {@code python -m asyncio ps} and {@code pstree}, from inside the process.
 *
 * <p>Both end with the cycles of tasks waiting for each other and with the event loops that did not answer.
 */
public final class TaskTree {
    private final Survey survey;
    private final AwaitGraph graph;
    private final Map<Long, TaskInfo> tasks = new HashMap<>();

    private TaskTree(Survey survey) {
        this.survey = survey;
        this.graph = AwaitGraph.of(survey);
        survey.tasks().forEach(task -> tasks.put(task.id(), task));
    }

    /** The current tree of {@code vertx}; see {@link Survey#of(Vertx)}. */
    public static Future<TaskTree> of(Vertx vertx) {
        Objects.requireNonNull(vertx, "TaskTree.of: vertx is null");
        return Survey.of(vertx).map(TaskTree::new);
    }

    /** The tree of {@code survey}. */
    public static TaskTree of(Survey survey) {
        Objects.requireNonNull(survey, "TaskTree.of: survey is null");
        return new TaskTree(survey);
    }

    /** The tree of the current event loop, at once. */
    public static TaskTree here() {
        return new TaskTree(Survey.here());
    }

    /** The survey behind this tree. */
    public Survey survey() {
        return survey;
    }

    /** The wait-for graph of the tasks. */
    public AwaitGraph graph() {
        return graph;
    }

    /** The tasks as a table, one line for each. */
    public String ps() {
        return PsTable.of(survey.tasks(), this::waits) + notes();
    }

    /** The tasks as a tree, children below their parents. */
    public String pstree() {
        return new TreeText(survey.tasks(), this::waits, this::sharedBy).draw() + notes();
    }

    /** Describes what {@code task} waits for in {@code block}. */
    private String waits(TaskInfo task, int block) {
        return task.waits().stream()
                .filter(wait -> block == PsTable.ALL || wait.block() == block)
                .map(wait -> DisplayText.line(wait.what())
                        + wait.tasks().stream().map(id -> " (#" + id + ")").collect(Collectors.joining()))
                .collect(Collectors.joining(", "));
    }

    /** Names the tasks that wait for {@code task}, when there are several. */
    private String sharedBy(TaskInfo task) {
        List<Long> waiters = graph.waitersOf(task.id());
        return waiters.size() < 2
                ? ""
                : ", awaited by " + waiters.stream().map(id -> "#" + id).collect(Collectors.joining(" and "));
    }

    private String notes() {
        String cycles = graph.cycles().stream()
                .map(cycle -> "cycle: "
                        + cycle.stream().map(this::label).collect(Collectors.joining(" → "))
                        + " → " + label(cycle.get(0)) + "\n")
                .collect(Collectors.joining());
        String silent = survey.silent().stream()
                .map(loop -> loop.loop() + " did not answer, being blocked at " + Site.in(loop.stack()) + "\n")
                .collect(Collectors.joining());
        String left = survey.left().stream()
                .map(future -> "left running: a future that is not of this library, given up by task '"
                        + DisplayText.line(future.task()) + "' " + DisplayText.of(future.since()) + " ago\n")
                .collect(Collectors.joining());
        return cycles + silent + left;
    }

    private String label(long id) {
        TaskInfo task = tasks.get(id);
        return task == null ? "#" + id : DisplayText.line(task.name()) + " (#" + id + ")";
    }
}
