package io.vertask.app.output;

import io.vertask.app.ledger.EarlierItems;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.run.Skips;

/**
 * The items to skip because a ledger has them as done.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class LedgerSkips implements Skips {
    private final EarlierItems earlier;

    private LedgerSkips(EarlierItems earlier) {
        this.earlier = earlier;
    }

    /** The items that the earlier processes of the run of {@code ledger} have finished. */
    public static LedgerSkips of(Ledger ledger) {
        return new LedgerSkips(ledger.earlier());
    }

    @Override
    public Verdict of(String key) {
        return switch (earlier.take(key)) {
            case NOTHING -> Verdict.DO;
            case OK -> Verdict.SKIP_OK;
            case FAILED -> earlier.retriesFailed() ? Verdict.DO_AGAIN : Verdict.SKIP_FAILED;
        };
    }
}
