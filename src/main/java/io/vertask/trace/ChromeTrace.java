package io.vertask.trace;

import io.vertask.trace.TraceEvent.CancelAsked;
import io.vertask.trace.TraceEvent.Phase;
import io.vertask.trace.TraceEvent.Span;
import io.vertask.trace.TraceEvent.Stall;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes the events of a {@link TraceRecorder} in the Chrome trace format: {@code trace.json}, for Perfetto and
 * {@code chrome://tracing}.
 *
 * <p>Each {@code tid} is a lane, on which spans never overlap; there are as many lanes as tasks ran at once. A child is
 * nested in its parent where possible. Stalls have a lane for each event loop.
 *
 * <p><b>Threads.</b> Blocks if {@code out} does, so not for an event loop when that is a file.
 */
public final class ChromeTrace {
    private static final int PID = 1;

    private final Appendable out;
    private final Map<Long, Integer> laneOf = new HashMap<>();
    private final long zero;
    private boolean first = true;

    private ChromeTrace(Appendable out, long zero) {
        this.out = out;
        this.zero = zero;
    }

    /** Writes the events to {@code out} one by one, and leaves {@code out} open. */
    public static void write(TraceRecorder recorder, Appendable out) throws IOException {
        Objects.requireNonNull(recorder, "ChromeTrace.write: recorder is null");
        Objects.requireNonNull(out, "ChromeTrace.write: out is null");
        List<TraceEvent> events = recorder.events().stream()
                .sorted(Comparator.comparingLong(TraceEvent::at).thenComparingLong(ChromeTrace::id))
                .toList();
        long zero = events.isEmpty() ? 0 : events.get(0).at();
        new ChromeTrace(out, zero).all(events, recorder.dropped());
    }

    /** The order of events at the same instant: parents, which have lower ids, before their children. */
    private static long id(TraceEvent event) {
        return event instanceof Span span ? span.id() : Long.MAX_VALUE;
    }

    private void all(List<TraceEvent> events, long dropped) throws IOException {
        long last = events.stream()
                .mapToLong(event -> event instanceof Span span && span.end() != null ? span.end() : event.at())
                .max()
                .orElse(0);
        out.append("{\"displayTimeUnit\":\"ms\",\"otherData\":{\"dropped\":" + dropped + "},\"traceEvents\":[");
        Lanes lanes = new Lanes();
        for (TraceEvent event : events) {
            if (event instanceof Span span) {
                long end = span.end() == null ? last : span.end();
                int lane = lanes.put(span, end);
                laneOf.put(span.id(), lane);
                one(span(span, end).put("tid", lane));
            }
        }
        Map<String, Integer> loops = new TreeMap<>();
        for (TraceEvent event : events) {
            if (event instanceof Stall stall) {
                int lane = loops.computeIfAbsent(stall.step().loop(), loop -> lanes.count() + loops.size());
                one(stall(stall.step()).put("tid", lane));
            } else if (event instanceof CancelAsked asked) {
                JsonObject args = new JsonObject()
                        .put("task", asked.path())
                        .put("reason", asked.reason().toString())
                        .put("by", asked.by());
                one(instant("cancel: " + asked.reason(), asked.id(), asked.at()).put("args", args));
            } else if (event instanceof Phase phase) {
                one(instant(phase.phase(), phase.id(), phase.at()));
            }
        }
        for (int lane = 0; lane < lanes.count(); lane++) {
            name(lane, "slot " + lane);
        }
        for (Map.Entry<String, Integer> loop : loops.entrySet()) {
            name(loop.getValue(), loop.getKey());
        }
        out.append("\n]}\n");
    }

    private JsonObject span(Span span, long end) {
        JsonObject args = new JsonObject()
                .put("id", span.id())
                .put("path", span.path())
                .put("loop", span.loop())
                .put("state", span.state().name());
        if (span.parent() != null) {
            args.put("parent", span.parent());
        }
        if (span.why() != null) {
            args.put("why", span.why());
        }
        return complete(span.name(), "task", span.at(), end - span.at()).put("args", args);
    }

    private JsonObject stall(SlowStep step) {
        return complete("blocked", "stall", step.at(), step.took().toNanos())
                .put("args", new JsonObject().put("what", step.toString()));
    }

    private JsonObject complete(String name, String category, long at, long nanos) {
        return new JsonObject()
                .put("name", name)
                .put("cat", category)
                .put("ph", "X")
                .put("ts", micros(at - zero))
                .put("dur", micros(nanos))
                .put("pid", PID);
    }

    private JsonObject instant(String name, long task, long at) {
        return new JsonObject()
                .put("name", name)
                .put("ph", "i")
                .put("s", "t")
                .put("ts", micros(at - zero))
                .put("pid", PID)
                .put("tid", laneOf.getOrDefault(task, 0));
    }

    private void name(int lane, String name) throws IOException {
        one(new JsonObject()
                .put("name", "thread_name")
                .put("ph", "M")
                .put("pid", PID)
                .put("tid", lane)
                .put("args", new JsonObject().put("name", name)));
    }

    private void one(JsonObject event) throws IOException {
        out.append(first ? "\n" : ",\n").append(event.encode());
        first = false;
    }

    private static double micros(long nanos) {
        return nanos / 1000.0;
    }
}
