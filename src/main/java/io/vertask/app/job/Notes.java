package io.vertask.app.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is no mistake in a job but may surprise. */
final class Notes {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$([0-9]{1,4})");
    private static final Pattern SPLICED = Pattern.compile("\\{\\+?item[.}\\[]");

    private final Job job;
    private final List<String> notes = new ArrayList<>();

    private Notes(Job job) {
        this.job = job;
    }

    static List<String> of(Job job) {
        Notes notes = new Notes(job);
        if (job.step() instanceof SqlStep sql) {
            notes.pool(sql);
            notes.params(sql);
        }
        notes.noItems();
        return List.copyOf(notes.notes);
    }

    /** Pages are done page by page, but recorded so only by {@code into}. */
    static Optional<String> ofResume(Job job) {
        return job.step() instanceof PagesStep && job.into().isEmpty()
                ? Optional.of(line(
                        job,
                        "without `into`, pages have no checkpoints: on --resume an item that "
                                + "was not finished begins at its first page, and its rows come again"))
                : Optional.empty();
    }

    private void add(String note) {
        notes.add(line(job, note));
    }

    private static String line(Job job, String note) {
        return job.file() + "  note: " + note;
    }

    private void pool(SqlStep step) {
        if (!(job.clients().get(step.client()) instanceof PostgresConfig postgres)) {
            return;
        }
        OptionalLong items = job.each().count();
        long running = Math.min(job.limits().concurrency(), items.orElse(Long.MAX_VALUE));
        long waiting = running - postgres.poolMax();
        if (waiting > 0) {
            add("concurrency " + job.limits().concurrency() + " but clients." + postgres.name() + ".pool.max "
                    + postgres.poolMax() + ": " + Words.count(waiting, "task", "tasks")
                    + " will wait for a connection");
        }
    }

    private void params(SqlStep step) {
        Matcher placeholder = PLACEHOLDER.matcher(step.sql());
        int highest = 0;
        while (placeholder.find()) {
            highest = Math.max(highest, Integer.parseInt(placeholder.group(1)));
        }
        if (highest != step.params().size()) {
            add("do.sql has " + (highest == 0 ? "no $1" : "values up to $" + highest) + " but do.params has "
                    + Words.count(step.params().size(), "entry", "entries"));
        }
        if (SPLICED.matcher(step.sql()).find()) {
            add("do.sql has {item}, which is sent as it stands; write $1 and params: [\"{item}\"]");
        }
    }

    private void noItems() {
        Template target = job.step() instanceof HttpStep http
                ? http.target()
                : job.step() instanceof PagesStep pages ? pages.target() : null;
        boolean used = target != null && target.names().contains("item");
        if (used && job.each().items() instanceof Items.One) {
            add("do uses {item} but there is no `each`; give the items on the command line");
        }
    }
}
