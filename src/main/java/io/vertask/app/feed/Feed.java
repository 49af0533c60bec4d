package io.vertask.app.feed;

import io.vertask.app.job.Each;
import io.vertask.app.job.Item;
import io.vertask.app.job.Items;
import io.vertask.app.job.Job;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.workload.StartFailure;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Streams;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The items of one run of a job, in their order.
 *
 * <p><b>Threads.</b> {@link #count} from any thread, the rest on the run's event loop.
 */
public final class Feed {
    private final Job job;
    private final Outside outside;
    private final Keys keys = new Keys();
    private volatile OptionalLong count;
    private long n;

    private Feed(Job job, Outside outside) {
        this.job = job;
        this.outside = outside;
        this.count = job.each().count();
    }

    /** The feed of one run of {@code job}. */
    public static Feed of(Job job, Outside outside) {
        return new Feed(job, outside);
    }

    /**
     * The first file of {@code glob} for which {@code isWanted} holds. Files that would match are looked at too, as if
     * each folder had a file with the name {@code also}.
     */
    public static Optional<Path> find(Items.Glob glob, Optional<Path> also, Predicate<Path> isWanted) {
        try {
            return Globbed.find(glob.pattern(), also, isWanted);
        } catch (IOException | StartFailure unreadable) {
            return Optional.empty(); // the run will say so
        }
    }

    /** The number of items, known from {@link #open} on at the latest; empty when it can't be known before the end. */
    public OptionalLong count() {
        return count;
    }

    /**
     * The items, ready to be read; the caller closes them.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.workload.StartFailure}: there is no such file, it can't be read, the
     * query fails. A later pull fails in the same way when the source breaks.
     */
    public Future<AsyncIterator<Offer>> open() {
        Each each = job.each();
        Future<AsyncIterator<Raw>> source;
        try {
            source = raw(each.items());
        } catch (StartFailure wrongName) {
            return Future.failedFuture(wrongName);
        }
        return source.map(raws -> each.every().isPresent()
                        ? new Paced<>(raws, each.every().get())
                        : raws)
                .map(raws -> Streams.map(raws, this::offer));
    }

    private Future<AsyncIterator<Raw>> raw(Items items) {
        if (items instanceof Items.File file) {
            return opened(LineReader.of(file), "a line of " + file.path());
        }
        if (items instanceof Items.Stdin stdin) {
            return opened(LineReader.of(outside.stdin(), stdin), "a line of stdin");
        }
        if (items instanceof Items.Glob glob) {
            return opened(new Globbed(glob.pattern()), "a file of " + glob.pattern())
                    .map(files -> {
                        if (count.orElse(-1) == 0) {
                            outside.note().accept(job.file() + "  note: no file fits each.glob " + glob.pattern());
                        }
                        return files;
                    });
        }
        if (items instanceof Items.Query query) {
            return Future.succeededFuture(QueryRows.of(query, outside.database()));
        }
        Items.Written written = (Items.Written) items;
        return Future.succeededFuture(Streams.of(() -> raws(written.iterator())));
    }

    private Future<AsyncIterator<Raw>> opened(BatchReader batches, String what) {
        Producer producer = new Producer(batches, what);
        return producer.open().map(known -> {
            count = known;
            return producer;
        });
    }

    private static Iterator<Raw> raws(Iterator<@Nullable Object> values) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public Raw next() {
                return Raw.of(values.next());
            }
        };
    }

    private Offer offer(Raw raw) {
        long place = n++;
        Item item;
        if (raw.flaw().isPresent()) {
            return new Offer(Item.of(place, raw.value(), job.name()), raw.flaw());
        }
        try {
            item = job.each().item(place, raw.value(), raw.column(), job.name());
        } catch (TemplateException unknownField) {
            return new Offer(
                    new Item(place, null, "item " + (place + 1)), Optional.ofNullable(unknownField.getMessage()));
        }
        if (keys.isFirstAgain(item.key())) {
            outside.note()
                    .accept(job.file() + "  note: the key `" + item.key()
                            + "` comes more than once; both run, but a resume takes them for one");
        }
        return new Offer(item, Optional.empty());
    }
}
