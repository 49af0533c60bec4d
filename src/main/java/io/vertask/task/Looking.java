package io.vertask.task;

import io.vertask.task.TaskInfo.Hold;
import io.vertask.task.TaskInfo.OpenBlock;
import io.vertask.task.TaskInfo.Wait;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the tree of running things is read, on its own event loop; without recursion, since it may be deep. */
final class Looking {
    /** Where a task was found. */
    private record Found(RunningTask<?> task, @Nullable Long parent, int block, Hold hold, String home) {}

    /** A part of the task that is being read, and its index. */
    private record Part(Scope scope, int block) {}

    private final ArrayDeque<Found> tasks = new ArrayDeque<>();
    private final List<TaskInfo> infos = new ArrayList<>();
    private final String thread = Thread.currentThread().getName();

    private Looking() {}

    /** Every unfinished task of these homes. */
    static List<TaskInfo> at(LoopHomes homes) {
        Looking looking = new Looking();
        for (@Nullable Node home = homes.firstHome(); home != null; home = home.next) {
            looking.read((Home) home);
        }
        return looking.infos;
    }

    /** Every unfinished task of {@code home}, in words. */
    static List<String> tasksIn(Home home) {
        Looking looking = new Looking();
        looking.read(home);
        return looking.infos.stream()
                .map(info -> words(info.path(), info.site()))
                .toList();
    }

    private static String words(String path, @Nullable String site) {
        return "task '" + path + "'" + (site == null ? "" : " started at " + site);
    }

    private void read(Home home) {
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

    private void collect(Scope top, @Nullable Long id, String home, List<OpenBlock> blocks, List<Wait> waits) {
        ArrayDeque<Part> parts = new ArrayDeque<>(2);
        parts.add(new Part(top, TaskInfo.BODY));
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            for (Node node : oldestFirst(part.scope)) {
                if (node instanceof Waiter<?> wait) {
                    waits.add(new Wait(
                            wait.what(),
                            part.block,
                            wait.awaited().stream().map(RunningTask::id).toList()));
                } else if (node instanceof RunningTask<?> child) {
                    tasks.add(new Found(child, id, id == null ? TaskInfo.BODY : part.block, hold(child), home));
                } else if (node instanceof Block<?> block) {
                    parts.add(new Part(block, blocks.size()));
                    blocks.add(open(block, part.block));
                }
            }
        }
    }

    static List<Node> oldestFirst(Scope scope) {
        List<Node> nodes = new ArrayList<>();
        for (@Nullable Node node = scope.firstNode(); node != null; node = node.next) {
            nodes.add(node);
        }
        Collections.reverse(nodes);
        return nodes;
    }

    /** What keeps the scope of {@code child} waiting for it. */
    static Hold hold(RunningTask<?> child) {
        // all other blocks end with their children; these end with their bodies, which may not look at them
        boolean bodyDecides = child.owner instanceof TimeoutBlock<?> || child.owner instanceof CompletedBlock<?, ?>;
        if (child.owner instanceof Block<?> && !bodyDecides) {
            return Hold.BLOCK;
        }
        return child.awaitedByOwner ? Hold.AWAITED : child.shielded ? Hold.SHIELD : Hold.NONE;
    }

    private static OpenBlock open(Block<?> block, int outer) {
        Duration remaining =
                block instanceof TimeoutBlock<?> limited ? limited.remaining().orElse(null) : null;
        return new OpenBlock(kind(block), block instanceof GroupBlock<?> group ? group.name : null, remaining, outer);
    }

    private static String kind(Block<?> block) {
        if (block instanceof TimeoutBlock<?> limited) {
            // an attempt of a retry, say, has none
            return block.shielded ? "cleanup" : limited.isLimited() ? "timeout" : "scope";
        }
        if (block instanceof CompletedBlock<?, ?>) {
            return "asCompleted";
        }
        if (block instanceof PullBlock<?, ?, ?>) {
            return "gather";
        }
        String type = block.getClass().getSimpleName();
        return type.substring(0, type.length() - "Block".length()).toLowerCase(Locale.ROOT);
    }

    /** What still lives in {@code scope} though its body has ended well, and nobody waits for; in words. */
    static List<String> leftOverIn(Scope scope) {
        // what the code of a block has begun beside its tasks may be the block's own: its limit, say
        boolean wholeBody = scope instanceof RunningTask<?>;
        List<String> left = new ArrayList<>();
        for (Node node : oldestFirst(scope)) {
            if (node instanceof RunningTask<?> task) {
                if (!task.isSeen() && !task.shielded) {
                    left.add(words(task.path(), task.site()));
                }
            } else if (wholeBody && node instanceof Waiter<?> wait) {
                // to stop waiting for a task is to forget nothing
                if (wait.awaited().isEmpty() && !wait.isComing()) {
                    left.add("'" + wait.what() + "'");
                }
            } else if (wholeBody && node instanceof Block<?> block && !block.shielded) {
                left.add("a " + kind(block));
            }
        }
        return left;
    }
}
