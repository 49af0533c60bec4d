package io.vertask.app.run;

import static io.vertask.app.run.ScriptedWorkload.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.RunEvent.AttemptBegan;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.ItemBegan;
import io.vertask.app.journal.RunEvent.ItemEnded;
import io.vertask.app.journal.RunEvent.Paused;
import io.vertask.app.journal.RunEvent.PhaseEntered;
import io.vertask.app.journal.RunEvent.Retrying;
import io.vertask.app.journal.RunEvent.RowsOut;
import io.vertask.app.journal.Totals;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.Runs;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Format;
import io.vertask.app.output.ResultSink;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Blocked;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand runs with faults, pauses, drains, cancels, lines that can't be printed and records that can't be written,
 * each with an order of steps of its own: journal, totals, stdout, ledger and kept answers tell the same story.
 */
class RunConservationTest {
    private static final int SEEDS = 1_000;

    private int keptAfterwards;

    @TempDir
    private Path folder = Path.of("");

    private static final List<String> PRINTS = List.of("", "", "print: \"{owner.name}\"\n", "print: \"{slip}\"\n");

    /** A job whose limits the seed chooses. */
    private static Job job(Random random) {
        List<String> limits = new ArrayList<>();
        limits.add("concurrency: " + (1 + random.nextInt(5)));
        limits.add("retries: " + random.nextInt(4));
        limits.add("backoff: " + (1 + random.nextInt(50)) + "ms");
        if (random.nextInt(3) == 0) {
            limits.add("rate: " + (1 + random.nextInt(200)) + "/s");
        }
        if (random.nextInt(3) == 0) {
            limits.add("timeout: 40ms");
        }
        if (random.nextInt(4) == 0) {
            limits.add("deadline: " + (1 + random.nextInt(2_000)) + "ms");
        }
        if (random.nextInt(6) == 0) {
            limits.add("stop_after: " + (1 + random.nextInt(5)));
        }
        String queue = random.nextInt(4) == 0 ? "queue: {capacity: 3, consumers: 2}\n" : "";
        if (!queue.isEmpty()) {
            limits.remove(0);
        }
        return Jobs.read(
                "x.yaml",
                "job: x\neach: {range: 1.." + (1 + random.nextInt(40)) + "}\ndo: {"
                        + (random.nextBoolean() ? "get" : "post")
                        + ": \"http://x/{item}\"}\n" + queue
                        + PRINTS.get(random.nextInt(PRINTS.size()))
                        + (random.nextInt(8) == 0 ? "on_error: stop\n" : "")
                        + "limits: {" + String.join(", ", limits) + "}\n",
                Map.of(),
                List.of());
    }

    /** What one attempt does. */
    private static Future<?> attempt(Random random, String item, int attempt) {
        Future<?> first = random.nextBoolean() ? Future.succeededFuture() : after(random.nextInt(80));
        return first.compose(waited -> switch (random.nextInt(12)) {
            case 0 -> Future.failedFuture(CallFailure.lasting("404", "404 Not Found"));
            case 1, 2 -> Future.failedFuture(CallFailure.passing("503", "503 Unavailable"));
            case 3 ->
                Future.failedFuture(
                        CallFailure.passing("429", "429 Busy").pausing(Duration.ofMillis(random.nextInt(100))));
            case 4 -> throw CallFailure.passing("thrown", "thrown");
            case 5 -> attempt < 4 ? page(item) : Future.succeededFuture();
            case 6 -> answer(item, true, false);
            case 7 -> answer(item, false, true);
            default -> answer(item, false, false);
        });
    }

    /** An answer, in which {@code owner} may be null and a field may come that others lack. */
    private static Future<Answer> answer(String item, boolean isNull, boolean isLate) {
        JsonObject body =
                new JsonObject().put("item", item).put("owner", isNull ? null : new JsonObject().put("name", "ann"));
        if (isLate) {
            body.put("late", 1);
        }
        return Future.succeededFuture(Answer.of(TemplateScope.of(item).answer(body), body.encode(), body));
    }

    private static Future<Answer> page(String item) {
        Answer row = Answer.of(
                TemplateScope.of(item).with("owner", new JsonObject().put("name", "row")), "row of " + item, item);
        return Future.succeededFuture(row.unfinished().withRows(List.of(row)));
    }

    @Test
    void journalTotalsStdoutAndLedgerTellTheSameStory() throws IOException {
        Vertx vertx = Vertx.vertx();
        int cancelled = 0;
        int retried = 0;
        keptAfterwards = 0;
        try {
            for (long seed = 0; seed < SEEDS; seed++) {
                Totals totals = play(vertx, seed);
                cancelled += totals.cancelled() > 0 ? 1 : 0;
                retried += totals.retried() > 0 ? 1 : 0;
            }
        } finally {
            Blocked.on(vertx.close());
        }
        assertThat(cancelled).as("runs in which items were cancelled").isGreaterThan(100);
        assertThat(keptAfterwards).as("answers that were kept").isGreaterThan(1_000);
        assertThat(retried).as("runs in which items were tried again").isGreaterThan(300);
    }

    private Totals play(Vertx vertx, long seed) throws IOException {
        Random random = new Random(seed);
        Job job = job(random);
        boolean unordered = random.nextBoolean();
        AtomicReference<@Nullable KeptResults> kept = new AtomicReference<>();
        VirtualRun<?> run = VirtualRun.seeded(seed, () -> {
            KeptResults items = KeptResults.of(
                    job,
                    new ScriptedWorkload((item, n) -> attempt(random, item, n)),
                    new Window(job.limits().concurrency()),
                    InputStream.nullInputStream(),
                    ports -> ports.unordered(unordered));
            items.writePages();
            kept.set(items);
            Task<Void> main = Tasks.start("job", items::main);
            return stop(random, items, main).compose(stopped -> main.settled());
        });
        KeptResults results = java.util.Objects.requireNonNull(kept.get());
        String as = "seed " + seed;
        assertThat(run.pendingTimers()).as(as).isZero();
        assertThat(run.unhandled()).as(as).isEmpty();
        assertThat(results.free()).as(as).isEqualTo(job.limits().concurrency());
        journalIsWhole(as, results);
        totalsFit(as, results);
        resultsFit(as, results, unordered);
        for (Format format : List.of(Format.JSONL, Format.CSV)) {
            keptAfterwards += recordsFit(as, vertx, job, results, format);
        }
        return results.totals();
    }

    /** Now and then somebody stops the run. */
    private static Future<Void> stop(Random random, KeptResults run, Task<Void> main) {
        int how = random.nextInt(3);
        if (how == 0) {
            return Future.succeededFuture();
        }
        return Tasks.sleep(Duration.ofMillis(random.nextInt(300))).map(now -> {
            if (how == 1) {
                run.items().drain("test");
            } else {
                main.cancel(CancelReason.SHUTDOWN);
            }
            return null;
        });
    }

    private static void journalIsWhole(String as, KeptResults results) {
        Set<Long> running = new HashSet<>();
        Set<Long> begun = new HashSet<>();
        Map<Integer, AttemptBegan> slots = new HashMap<>();
        Map<Long, Integer> attempts = new HashMap<>();
        long at = Long.MIN_VALUE;
        for (RunEvent event : results.events) {
            assertThat(event.at()).as(as).isGreaterThanOrEqualTo(at);
            at = event.at();
            if (event instanceof ItemBegan item) {
                assertThat(begun.add(item.n()))
                        .as("%s: item %s begins once", as, item.n())
                        .isTrue();
                running.add(item.n());
            } else if (event instanceof AttemptBegan attempt) {
                assertThat(running).as(as).contains(attempt.n());
                assertThat(attempts.merge(attempt.n(), 1, Integer::sum)).as(as).isEqualTo(attempt.attempt());
                assertThat(slots.put(attempt.slot(), attempt))
                        .as("%s: attempts of slot %s overlap", as, attempt.slot())
                        .isNull();
            } else if (event instanceof PhaseEntered phase) {
                assertThat(slots.get(phase.slot()))
                        .as("%s: a phase outside of an attempt", as)
                        .isNotNull()
                        .satisfies(of -> assertThat(of.n()).isEqualTo(phase.n()));
            } else if (event instanceof AttemptEnded attempt) {
                assertThat(slots.remove(attempt.slot()))
                        .as("%s: an end without a beginning", as)
                        .isNotNull()
                        .satisfies(of -> assertThat(of.n()).isEqualTo(attempt.n()))
                        .satisfies(of -> assertThat(of.attempt()).isEqualTo(attempt.attempt()));
            } else if (event instanceof ItemEnded item) {
                assertThat(running.remove(item.end().n()))
                        .as("%s: item %s ends once", as, item.end().n())
                        .isTrue();
                assertThat(item.end().attempts())
                        .as(as)
                        .isEqualTo(attempts.getOrDefault(item.end().n(), 0));
            }
        }
        assertThat(running).as("%s: items without an end", as).isEmpty();
        assertThat(slots).as("%s: attempts without an end", as).isEmpty();
    }

    private static long count(KeptResults results, Class<? extends RunEvent> type) {
        return results.events.stream().filter(type::isInstance).count();
    }

    private static long ended(KeptResults results, ItemEnd.How how) {
        return results.events.stream()
                .filter(event -> event instanceof ItemEnded item && item.end().how() == how)
                .count();
    }

    private static void totalsFit(String as, KeptResults results) {
        Totals totals = results.totals();
        assertThat(totals.begun()).as(as).isEqualTo(count(results, ItemBegan.class));
        assertThat(totals.ok()).as(as).isEqualTo(ended(results, ItemEnd.How.OK));
        assertThat(totals.failed()).as(as).isEqualTo(ended(results, ItemEnd.How.FAILED));
        assertThat(totals.cancelled()).as(as).isEqualTo(ended(results, ItemEnd.How.CANCELLED));
        assertThat(totals.attempts()).as(as).isEqualTo(count(results, AttemptBegan.class));
        assertThat(totals.attemptsEnded()).as(as).isEqualTo(count(results, AttemptEnded.class));
        assertThat(totals.retried()).as(as).isEqualTo(count(results, Retrying.class));
        assertThat(totals.attemptTimes().count()).as(as).isEqualTo(totals.attempts());
        assertThat(totals.itemTimes().count()).as(as).isEqualTo(totals.done());
        assertThat(totals.causes().stream().mapToLong(Totals.Cause::count).sum())
                .as(as)
                .isEqualTo(totals.failed());
        assertThat(totals.pauses().count())
                .as(as)
                .isEqualTo(results.events.stream()
                        .filter(event -> event instanceof Paused pause && !pause.more())
                        .count());
        assertThat(totals.inFlight()).as(as).isZero();
        assertThat(totals.stillRunning()).as(as).isZero();
        assertThat(totals.rows()).as(as).isEqualTo(results.pages.size());
        assertThat(count(results, RowsOut.class)).as(as).isEqualTo(results.pages.size());
    }

    private static void resultsFit(String as, KeptResults results, boolean unordered) {
        List<Long> out = results.results.stream().map(Result::n).toList();
        assertThat(out).as(as).doesNotHaveDuplicates().hasSize((int)
                results.totals().begun());
        if (!unordered) {
            assertThat(out).as(as).isSorted();
        }
    }

    /**
     * The same results through the real output: stdout and ledger have each finished item once, and an answer is kept
     * for each item that failed only after its call. Returns the number of these.
     */
    private int recordsFit(String as, Vertx vertx, Job job, KeptResults results, Format format) throws IOException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        Ledger ledger = new Runs(folder, Clock.systemUTC(), note -> {})
                .begin(new Runs.Of("x", "x.yaml", "d", "0"), StartMode.of(StartMode.Kind.FRESH));
        ResultSink sink = RecordedRun.sink(vertx, job, format, stdout, ledger);
        List<Sink.Broken> broken = new ArrayList<>();
        List<ItemEnd> changed = new ArrayList<>();
        Blocked.on(sink.open(new Sink.Back() {
            @Override
            public void written() {}

            @Override
            public void changed(ItemEnd was, ItemEnd now) {
                changed.add(now);
            }

            @Override
            public void broken(Sink.Broken why) {
                broken.add(why);
            }
        }));
        results.results.forEach(sink::ended);
        Sink.Closed closed = Blocked.on(sink.close());
        assertThat(closed.isWhole()).as(as).isTrue();
        assertThat(broken).as(as).isEmpty();
        List<JsonObject> recorded =
                Files.readAllLines(ledger.file()).stream().map(JsonObject::new).toList();
        ledger.close();
        Totals totals = results.totals();
        assertThat(closed.items()).as(as).isEqualTo(totals.done());
        assertThat(recorded).as(as).hasSize((int) totals.done());
        assertThat(recorded.stream().map(line -> line.getLong("n")).toList())
                .as(as)
                .doesNotHaveDuplicates();
        List<Long> refused = changed.stream().map(ItemEnd::n).toList();
        assertThat(refused).as(as).doesNotHaveDuplicates();
        Set<Long> ok = results.results.stream()
                .filter(result -> result.end().ok() && !refused.contains(result.n()))
                .map(Result::n)
                .collect(Collectors.toSet());
        assertThat(ok).as(as).hasSize((int) totals.ok() - refused.size());
        assertThat(recorded.stream().filter(line -> line.getBoolean("ok")).map(line -> line.getLong("n")))
                .as(as)
                .containsExactlyInAnyOrderElementsOf(ok);
        List<String> lines = stdout.toString(StandardCharsets.UTF_8).lines().toList();
        if (format == Format.JSONL) {
            assertThat(refused).as(as).isEmpty();
            assertThat(lines).as(as).hasSize((int) totals.done());
        } else {
            long header = ok.isEmpty() ? 0 : 1;
            assertThat(lines.size() - header).as(as).isLessThanOrEqualTo(ok.size());
        }
        return keptFit(as, recorded, ledger, results, refused);
    }

    private static int keptFit(
            String as, List<JsonObject> recorded, Ledger ledger, KeptResults results, List<Long> refused)
            throws IOException {
        Set<Long> named = new HashSet<>();
        for (JsonObject line : recorded) {
            JsonObject error = line.getJsonObject("error", new JsonObject());
            if (error.containsKey("pending")) {
                assertThat(named.add(error.getLong("pending"))).as(as).isTrue();
                assertThat(error.getString("part")).as(as).isIn("print", "output");
            }
        }
        Set<Long> needed = results.results.stream()
                .filter(result -> result.answer().isPresent())
                .filter(result -> refused.contains(result.n()) || result.end().how() == ItemEnd.How.FAILED)
                .map(Result::n)
                .collect(Collectors.toSet());
        assertThat(named).as(as).isEqualTo(needed);
        Path pending = ledger.file().resolveSibling("pending");
        try (Stream<Path> files = Files.exists(pending) ? Files.list(pending) : Stream.empty()) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .as(as)
                    .containsExactlyInAnyOrderElementsOf(
                            named.stream().map(n -> n + ".json").toList());
        }
        return named.size();
    }
}
