package io.vertask.app.run;

import java.util.function.Consumer;

/**
 * How a run differs from the plain one.
 *
 * @param skips the items that are done already
 * @param unordered results as they complete
 * @param tell takes what only a person who asked for it wants to read; must not block
 */
record RunOptions(Skips skips, boolean unordered, Consumer<String> tell) {
    static RunOptions plain() {
        return new RunOptions(Skips.none(), false, line -> {});
    }
}
