package io.vertask.app.ledger;

/**
 * What earlier processes of a run have finished, asked item by item.
 *
 * <p>A key that was finished twice stands for two items: each answer takes one of them away.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class EarlierItems {

    /** What is known of an item. */
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

    /** Nothing yet. */
    static EarlierItems nothing(boolean retryFailed) {
        return new EarlierItems(retryFailed);
    }

    /** Books a line of the ledger. */
    void add(String key, boolean ok, boolean again) {
        if (again && keys.take(key, false)) {
            done--;
        }
        keys.add(key, ok);
        done++;
    }

    /** What became of the next item with this key. */
    public Known take(String key) {
        if (done == 0) {
            return Known.NOTHING;
        }
        return keys.take(key, true) ? Known.OK : keys.take(key, false) ? Known.FAILED : Known.NOTHING;
    }

    /** Whether items that failed are to be done again. */
    public boolean retriesFailed() {
        return retryFailed;
    }

    /** How many items were finished. */
    public long done() {
        return done;
    }
}
