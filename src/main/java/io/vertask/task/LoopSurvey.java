package io.vertask.task;

import io.vertask.task.TaskInfo.Hold;
import io.vertask.task.TaskInfo.OpenBlock;
import io.vertask.task.TaskInfo.Wait;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A survey of the unfinished tasks of one event loop, made on it; without recursion, since the tree may be deep. */
final class LoopSurvey {
    /** A task that was found, and the place where it stands. */
    private record Found(RunningTask<?> task, @Nullable Long parent, int block, Hold hold, String home) {}

    /** A scope of the task that is being read, and its index among the blocks. */
    private record Part(Scope scope, int block) {}

    private final ArrayDeque<Found> tasks = new ArrayDeque<>();
    private final List<TaskInfo> infos = new ArrayList<>();
    private final String thread = Thread.currentThread().getName();

    private LoopSurvey() {}

    /** Every unfinished task of {@code homes}. */
    static List<TaskInfo> of(LoopHomes homes) {
        LoopSurvey survey = new LoopSurvey();
        for (@Nullable Node home = homes.firstHome(); home != null; home = home.next) {
            survey.read((Scope) home);
        }
        return survey.infos;
    }

    /** Every unfinished task of {@code home}, in words. */
    static List<String> tasksIn(Scope home) {
        LoopSurvey survey = new LoopSurvey();
        survey.read(home);
        return survey.infos.stream()
                .map(info -> ((RunningTask<?>) info.task()).words())
                .toList();
    }

    private void read(Scope home) {
        // groups that were opened outside any task stand between a home and its tasks
        collect(home, null, home.path(), new ArrayList<>(), new ArrayList<>());
        for (Found found = tasks.poll(); found != null; found = tasks.poll()) {
            RunningTask<?> task = found.task;
            List<OpenBlock> blocks = new ArrayList<>(2);
            List<Wait> waits = new ArrayList<>(2);
            collect(task, task.id(), found.home, blocks, waits);
            infos.add(new TaskInfo(
                    task,
                    task.id(),
                    task.name(),
                    task.path(),
                    found.parent,
                    found.block,
                    found.hold,
                    task.state(),
                    Duration.ofNanos(Math.max(0, task.ready.timers.nanoTime() - task.startedAt)),
                    List.copyOf(blocks),
                    List.copyOf(waits),
                    task.site(),
                    found.home,
                    thread));
        }
    }

    /** Reads {@code top} and the blocks in it; the tasks in them are kept for later. */
    private void collect(Scope top, @Nullable Long id, String home, List<OpenBlock> blocks, List<Wait> waits) {
        ArrayDeque<Part> parts = new ArrayDeque<>(2);
        parts.add(new Part(top, TaskInfo.BODY));
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            for (Node node : part.scope.oldestFirst()) {
                if (node instanceof Waiter<?> wait) {
                    waits.add(new Wait(
                            wait.what(),
                            part.block,
                            wait.awaited().stream().map(RunningTask::id).toList()));
                } else if (node instanceof RunningTask<?> child) {
                    Hold hold = hold(part.scope, child);
                    tasks.add(new Found(child, id, id == null ? TaskInfo.BODY : part.block, hold, home));
                } else if (node instanceof Block<?> block) {
                    parts.add(new Part(block, blocks.size()));
                    blocks.add(new OpenBlock(block.kind(), block.nameOrNull(), block.remainingOrNull(), part.block));
                }
            }
        }
    }

    private static Hold hold(Scope owner, RunningTask<?> child) {
        if (owner.needsChildren()) {
            return Hold.BLOCK;
        }
        return child.awaitedByOwner ? Hold.AWAITED : child.shielded ? Hold.SHIELD : Hold.NONE;
    }
}
