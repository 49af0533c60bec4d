package io.vertask.app.output;

import io.vertask.app.ledger.EarlierItems;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.run.Skips;

/**
 * Skips the items that a ledger has as done.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class LedgerSkips implements Skips {
    private final EarlierItems earlier;

    private LedgerSkips(EarlierItems earlier) {
        this.earlier = earlier;
    }

    /** The items of the run that {@code ledger} goes on with. */
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
