package io.vertask.house;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plan of the house: its rooms, and which other rooms each may use.
 *
 * <p>A room is a package below {@code io.vertask}, named without that prefix. A room of the application may use every
 * room of the library.
 */
final class Plan {

    static final String HOUSE = "io.vertask";

    /** The library. Most rooms use only {@code task}, which shows that its public types are enough. */
    static final Map<String, Set<String>> LIBRARY = Map.ofEntries(
            Map.entry("task", Set.of()),
            Map.entry("sync", Set.of("task")),
            Map.entry("queue", Set.of("task")),
            Map.entry("resource", Set.of("task")),
            Map.entry("stream", Set.of("task")),
            Map.entry("offload", Set.of("task")),
            Map.entry("client", Set.of("task", "sync")),
            Map.entry("client.libpq", Set.of()),
            Map.entry("server", Set.of("task")),
            Map.entry("direct", Set.of("task")),
            Map.entry("trace", Set.of("task")),
            Map.entry(
                    "testkit",
                    Set.of("task", "sync", "queue", "resource", "stream", "offload", "client", "direct", "trace")));

    /**
     * The application. {@code app.workload.*} stands for each workload's own room: one never uses another; {@code into}
     * is none, and stands behind them.
     */
    static final Map<String, Set<String>> APPLICATION = Map.ofEntries(
            Map.entry("app", Set.of("app.cli")),
            Map.entry("app.memory", Set.of()),
            Map.entry(
                    "app.cli",
                    Set.of(
                            "app.job",
                            "app.job.yaml",
                            "app.job.template",
                            "app.feed",
                            "app.journal",
                            "app.ledger",
                            "app.output",
                            "app.run",
                            "app.workload",
                            "app.workload.*",
                            "app.node",
                            "app.cluster",
                            "app.tour",
                            "app.demo",
                            "app.memory",
                            "app.report")),
            Map.entry(
                    "app.node",
                    Set.of(
                            "app.job",
                            "app.job.yaml",
                            "app.job.template",
                            "app.journal",
                            "app.run",
                            "app.output",
                            "app.report",
                            "app.cluster",
                            "app.workload")),
            Map.entry("app.cluster", Set.of("app.job", "app.run")),
            Map.entry("app.demo", Set.of()),
            Map.entry("app.tour", Set.of("app.demo", "app.job.yaml")),
            Map.entry("app.report", Set.of("app.job", "app.journal")),
            Map.entry(
                    "app.run",
                    Set.of(
                            "app.job",
                            "app.job.yaml",
                            "app.job.template",
                            "app.feed",
                            "app.journal",
                            "app.memory",
                            "app.workload",
                            "app.workload.*",
                            "app.workload.into")),
            Map.entry("app.journal", Set.of("app.memory")),
            Map.entry("app.feed", Set.of("app.job", "app.job.yaml", "app.job.template", "app.memory", "app.workload")),
            Map.entry("app.ledger", Set.of("app.journal")),
            Map.entry(
                    "app.output",
                    Set.of(
                            "app.job",
                            "app.job.yaml",
                            "app.job.template",
                            "app.journal",
                            "app.ledger",
                            "app.memory",
                            "app.run",
                            "app.workload")),
            Map.entry(
                    "app.workload.into",
                    Set.of("app.job", "app.job.yaml", "app.job.template", "app.workload", "app.workload.sql")),
            Map.entry(
                    "app.workload.*",
                    Set.of("app.job", "app.job.yaml", "app.job.template", "app.memory", "app.workload", "app.step")),
            Map.entry("app.workload", Set.of("app.job", "app.job.yaml", "app.job.template")),
            Map.entry("app.step", Set.of()),
            Map.entry("app.job", Set.of("app.job.yaml", "app.job.template", "app.step")),
            Map.entry("app.job.template", Set.of("app.job.yaml")),
            Map.entry("app.job.yaml", Set.of()));

    /** The rooms of the application that have rooms below them. */
    private static final Set<String> ROOMS_WITH_ROOMS = Set.of("workload", "job");

    private Plan() {}

    /**
     * The room of a package: a package inside a room is part of it, except {@code client.libpq}, a room of its own.
     * Empty for the package in front of the house.
     */
    static String room(String packageName) {
        if (packageName.equals(HOUSE)) {
            return "";
        }
        List<String> names = List.of(packageName.substring(HOUSE.length() + 1).split("\\."));
        if (packageName.equals(HOUSE + ".client.libpq")) {
            return "client.libpq";
        }
        boolean below = names.size() > 1 && ROOMS_WITH_ROOMS.contains(names.get(1));
        int depth = !names.get(0).equals("app") ? 1 : below ? 3 : 2;
        return String.join(".", names.subList(0, Math.min(depth, names.size())));
    }

    static boolean isLibrary(String room) {
        return !room.equals("app") && !room.startsWith("app.");
    }

    static boolean knows(String room) {
        return LIBRARY.containsKey(room) || APPLICATION.containsKey(onThePlan(room));
    }

    static boolean mayUse(String from, String to) {
        if (from.equals(to)) {
            return true;
        }
        if (isLibrary(from)) {
            return LIBRARY.getOrDefault(from, Set.of()).contains(to);
        }
        Set<String> doors = APPLICATION.getOrDefault(onThePlan(from), Set.of());
        return isLibrary(to) || doors.contains(to) || doors.contains(onThePlan(to));
    }

    private static String onThePlan(String room) {
        return room.startsWith("app.workload.") && !APPLICATION.containsKey(room) ? "app.workload.*" : room;
    }
}
