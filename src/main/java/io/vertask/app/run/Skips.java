package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.Mask;
import io.vertask.app.ledger.Earlier;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which items are not to be done, because an earlier process of this run has done them.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
final class Skips {
    private final Optional<Earlier> earlier;
    private final Mask mask;
    private final Set<Long> again = new HashSet<>();

    private Skips(Optional<Earlier> earlier, Mask mask) {
        this.earlier = earlier;
        this.mask = mask;
    }

    /** Skips nothing. */
    static Skips none() {
        return new Skips(Optional.empty(), Mask.NONE);
    }

    /** What {@code earlier} knows, under keys as the ledger writes them. */
    static Skips of(Earlier earlier, Mask mask) {
        return new Skips(Optional.of(earlier), mask);
    }

    /** Whether {@code item} is skipped; asked once for each item of the input, and counted. */
    boolean skip(Item item, Tally tally) {
        if (earlier.isEmpty()) {
            return false;
        }
        Earlier.Known known = earlier.get().take(mask.message(item.key()));
        boolean redo = known == Earlier.Known.FAILED && earlier.get().retriesFailed();
        if (known == Earlier.Known.NOTHING || redo) {
            if (redo) {
                again.add(item.n());
            }
            return false;
        }
        tally.skip(known == Earlier.Known.FAILED);
        return true;
    }

    /** Marks the result of an item that had failed before. */
    ItemResult marked(ItemResult result) {
        return again.remove(result.n()) ? result.doneAgain() : result;
    }
}
