package io.vertask.app.run;

import io.vertask.app.feed.Feed;
import io.vertask.app.feed.Outside;
import io.vertask.app.job.Job;
import io.vertask.app.journal.Journal;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.Totals;
import io.vertask.app.workload.Workload;
import io.vertx.core.Future;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A sink that keeps the results of a run's items, which it makes for a virtual clock; and the run's journal. */
final class KeptResults implements Sink {
    final List<Result> results = new ArrayList<>();
    final List<PageRows> pages = new ArrayList<>();
    final List<RunEvent> events = new ArrayList<>();
    private final Window window;
    private final Journal journal;
    private final LocalAdmission admission;
    private final ItemsTask items;
    private boolean writesPages;

    private KeptResults(Job job, Workload workload, Window window, InputStream stdin, UnaryOperator<Ports> more) {
        this.window = window;
        this.journal = new Journal(line -> {
            throw new AssertionError(line);
        });
        journal.listen(events::add);
        this.admission = new LocalAdmission(job.limits(), journal);
        Feed feed = Feed.of(job, new Outside(stdin, Outside.none().database(), note -> {}));
        Ports ports = more.apply(Ports.of("test", this));
        this.items = new ItemsTask(job, workload, feed, journal, admission, window, ports);
    }

    static KeptResults of(Job job, Workload workload) {
        return of(job, workload, new Window(job.limits().concurrency()), InputStream.nullInputStream(), same -> same);
    }

    static KeptResults of(Job job, Workload workload, Window window, InputStream stdin, UnaryOperator<Ports> more) {
        return new KeptResults(job, workload, window, stdin, more);
    }

    ItemsTask items() {
        return items;
    }

    Future<Void> main() {
        return items.main();
    }

    Totals totals() {
        return journal.totals();
    }

    /** From now on a page counts as written when it comes. */
    void writePages() {
        writesPages = true;
    }

    /** Slots that nobody holds. */
    int free() {
        return admission.free();
    }

    /** The texts that were printed. */
    List<String> lines() {
        return results.stream().map(Result::line).flatMap(Optional::stream).toList();
    }

    @Override
    public Future<Void> open(Back back) {
        return Future.succeededFuture();
    }

    @Override
    public void ended(Result result) {
        results.add(result);
        window.leave();
    }

    @Override
    public void rows(PageRows page) {
        pages.add(page);
        if (writesPages) {
            page.written().run();
        }
    }

    @Override
    public Future<Closed> close() {
        return Future.succeededFuture(new Closed(true, results.size()));
    }
}
