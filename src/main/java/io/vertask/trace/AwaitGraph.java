package io.vertask.trace;

import io.vertask.task.Survey;
import io.vertask.task.TaskInfo;
import io.vertask.task.TaskInfo.Hold;
import io.vertask.task.TaskInfo.OpenBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The wait-for graph of the tasks in a survey.
 *
 * @param edges one for each task that another task waits for
 */
public record AwaitGraph(List<Edge> edges) {
    /**
     * An edge of the graph: one task waits for another.
     *
     * @param waiter the id of the waiting task
     * @param awaited the id of the awaited task, which may have ended or be on a loop that did not answer
     * @param how {@code await}, {@code shield}, or the kind of the block that waits: {@code gather}, {@code group} …
     * @param within the blocks of the waiter in which it waits, such as a timeout, the outermost first
     */
    public record Edge(long waiter, long awaited, String how, List<OpenBlock> within) {
        /** Checks that nothing is null. */
        public Edge {
            Objects.requireNonNull(how, "AwaitGraph.Edge: how is null");
            Objects.requireNonNull(within, "AwaitGraph.Edge: within is null");
        }
    }

    /** Copies the list, which can't be changed afterwards. */
    public AwaitGraph {
        Objects.requireNonNull(edges, "AwaitGraph: edges is null");
        edges = List.copyOf(edges);
    }

    /** The graph of {@code survey}. */
    public static AwaitGraph of(Survey survey) {
        Objects.requireNonNull(survey, "AwaitGraph.of: survey is null");
        Map<Long, TaskInfo> tasks = new HashMap<>();
        survey.tasks().forEach(task -> tasks.put(task.id(), task));
        List<Edge> edges = new ArrayList<>();
        for (TaskInfo task : survey.tasks()) {
            for (TaskInfo.Wait wait : task.waits()) {
                for (long awaited : wait.tasks()) {
                    TaskInfo other = tasks.get(awaited);
                    boolean shield = other != null && other.hold() == Hold.SHIELD;
                    edges.add(new Edge(task.id(), awaited, shield ? "shield" : "await", within(task, wait.block())));
                }
            }
            TaskInfo parent = task.parent() == null ? null : tasks.get(task.parent());
            if (parent != null && (task.hold() == Hold.BLOCK || task.hold() == Hold.AWAITED)) {
                boolean block = task.hold() == Hold.BLOCK;
                String how = block ? parent.blocks().get(task.block()).kind() : "await";
                edges.add(new Edge(parent.id(), task.id(), how, within(parent, task.block())));
            }
        }
        return new AwaitGraph(edges);
    }

    private static List<OpenBlock> within(TaskInfo task, int innermost) {
        ArrayDeque<OpenBlock> within = new ArrayDeque<>();
        for (int i = innermost; i != TaskInfo.BODY; i = task.blocks().get(i).outer()) {
            within.addFirst(task.blocks().get(i));
        }
        return List.copyOf(within);
    }

    /** The ids of the tasks that wait for {@code task}. */
    public List<Long> waitersOf(long task) {
        return edges.stream()
                .filter(edge -> edge.awaited() == task)
                .map(Edge::waiter)
                .distinct()
                .toList();
    }

    /**
     * The cycles of the graph, each as the ids in the order of waiting; every task that is on a cycle is in one of
     * them.
     */
    public List<List<Long>> cycles() {
        Map<Long, Set<Long>> next = new LinkedHashMap<>();
        edges.forEach(edge ->
                next.computeIfAbsent(edge.waiter(), id -> new LinkedHashSet<>()).add(edge.awaited()));
        List<List<Long>> cycles = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        next.keySet().forEach(start -> {
            if (seen.add(start)) {
                follow(start, next, seen, cycles);
            }
        });
        return cycles;
    }

    private static void follow(long start, Map<Long, Set<Long>> next, Set<Long> seen, List<List<Long>> cycles) {
        // the current path, each task with its edges still to follow; no recursion, since a path may be long
        Map<Long, Iterator<Long>> way = new LinkedHashMap<>();
        ArrayDeque<Long> ids = new ArrayDeque<>();
        way.put(start, next.getOrDefault(start, Set.of()).iterator());
        ids.addLast(start);
        while (!ids.isEmpty()) {
            Iterator<Long> rest =
                    way.getOrDefault(ids.getLast(), List.<Long>of().iterator());
            if (!rest.hasNext()) {
                way.remove(ids.removeLast());
                continue;
            }
            long id = rest.next();
            if (way.containsKey(id)) {
                cycles.add(ids.stream().dropWhile(before -> before != id).toList());
            } else if (seen.add(id)) {
                way.put(id, next.getOrDefault(id, Set.of()).iterator());
                ids.addLast(id);
            }
        }
    }
}
