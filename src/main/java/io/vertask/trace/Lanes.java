package io.vertask.trace;

import io.vertask.trace.TraceEvent.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Assigns spans to lanes so that no two overlap on a lane, except that a span may be nested in its parent. It uses no
 * more lanes than spans were open at once.
 *
 * <p>Spans must be put in the order of their start.
 */
final class Lanes {
    private static final class Lane {
        final int number;
        /** The open spans of this lane, each nested in the one before. */
        final ArrayDeque<Open> open = new ArrayDeque<>();

        Lane(int number) {
            this.number = number;
        }

        void closeUntil(long at) {
            while (!open.isEmpty() && open.getLast().end <= at) {
                open.removeLast();
            }
        }
    }

    private record Open(long id, long end) {}

    /** A lane that is free from {@code end} on. */
    private record Free(long end, Lane lane) {}

    private final List<Lane> lanes = new ArrayList<>();
    private final Map<Long, Lane> laneOf = new HashMap<>();
    private final PriorityQueue<Free> free = new PriorityQueue<>(
            (a, b) -> a.end != b.end ? Long.compare(a.end, b.end) : Integer.compare(a.lane.number, b.lane.number));

    /** The lane for {@code span}, which ends at {@code end}. */
    int put(Span span, long end) {
        Long parent = span.parent();
        Lane lane = parent == null ? null : laneOf.get(parent);
        if (lane != null) {
            lane.closeUntil(span.at());
            Open top = lane.open.peekLast();
            if (top == null || parent == null || top.id != parent || top.end < end) {
                lane = null;
            }
        }
        if (lane == null) {
            lane = freeAt(span.at());
            // nested spans end within this one, so its end is the end of all spans on the lane
            free.add(new Free(end, lane));
        }
        lane.open.addLast(new Open(span.id(), end));
        laneOf.put(span.id(), lane);
        return lane.number;
    }

    private Lane freeAt(long at) {
        Free first = free.peek();
        if (first != null && first.end <= at) {
            free.remove();
            first.lane.closeUntil(at);
            return first.lane;
        }
        Lane lane = new Lane(lanes.size());
        lanes.add(lane);
        return lane;
    }

    int count() {
        return lanes.size();
    }
}
