package io.vertask.app.output;

import io.vertask.app.job.Job;
import io.vertask.app.ledger.EarlierItems;
import io.vertask.app.ledger.EarlierItems.Known;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.run.KeptAnswer;
import io.vertask.app.run.Skips;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The items to skip because a ledger has them as done, and the answers that it keeps of others.
 *
 * <p><b>Threads.</b> The event loop of the run.
 */
public final class LedgerSkips implements Skips {
    private final Ledger ledger;
    private final EarlierItems earlier;
    private final boolean repeatable;
    /** The result of the last item that was looked up. */
    private Known last = Known.NOTHING;

    private LedgerSkips(Ledger ledger, boolean repeatable) {
        this.ledger = ledger;
        this.earlier = ledger.earlier();
        this.repeatable = repeatable;
    }

    /** The items that the earlier processes of the run of {@code ledger} have finished. */
    public static LedgerSkips of(Ledger ledger, Job job) {
        return new LedgerSkips(ledger, job.step().isRepeatable());
    }

    @Override
    public Verdict of(String key) {
        last = earlier.take(key);
        return switch (last) {
            case NOTHING -> Verdict.DO;
            case OK -> Verdict.SKIP_OK;
            case FAILED -> earlier.retriesFailed() ? Verdict.DO_AGAIN : Verdict.SKIP_FAILED;
            case UNKNOWN ->
                !earlier.retriesFailed() ? Verdict.SKIP_FAILED : repeatable ? Verdict.DO_AGAIN : Verdict.SKIP_UNKNOWN;
        };
    }

    @Override
    public Optional<KeptAnswer> kept(long n, String key) {
        OptionalLong number = ledger.claim(n, key, last);
        return number.isEmpty() ? Optional.empty() : Optional.of(() -> read(number.getAsLong(), key));
    }

    private Future<KeptAnswer.Rest> read(long number, String key) {
        return Vertx.currentContext()
                .executeBlocking(
                        () -> {
                            try {
                                return Keeper.read(ledger, number, key);
                            } catch (IOException unreadable) {
                                throw new IOException(FileTrouble.reason(unreadable), unreadable);
                            }
                        },
                        false);
    }
}
