package io.vertask.app.ledger;

/**
 * The items that earlier processes of a run have finished, to be looked up one by one.
 *
 * <p>A key that was finished twice stands for two items; each lookup consumes one of them.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class EarlierItems {

    /** The known result of an item. */
    public enum Known {
        NOTHING,
        OK,
        FAILED
    }

    private final KeyTable keys = new KeyTable();
    private final boolean retryFailed;
    private long done;

    private EarlierItems(boolean retryFailed) {
        this.retryFailed = retryFailed;
    }

    /** No items. */
    static EarlierItems nothing(boolean retryFailed) {
        return new EarlierItems(retryFailed);
    }

    /** Adds a line of the ledger. */
    void add(String key, boolean ok, boolean again) {
        if (again && keys.take(key, false)) {
            done--;
        }
        keys.add(key, ok);
        done++;
    }

    /** Returns the result of the next item with this key, and consumes it. */
    public Known take(String key) {
        if (done == 0) {
            return Known.NOTHING;
        }
        return keys.take(key, true) ? Known.OK : keys.take(key, false) ? Known.FAILED : Known.NOTHING;
    }

    /** Whether failed items are to be done again. */
    public boolean retriesFailed() {
        return retryFailed;
    }

    /** The number of finished items. */
    public long done() {
        return done;
    }
}
