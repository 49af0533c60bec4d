package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The plain block: its end is that of its body. Tasks that are left over in it are cancelled and awaited.
 *
 * <p>As it is, it holds one attempt of a loop, or one call of {@link Tasks#waitUntil}.
 */
class BodyBlock<T> extends Block<T> {
    BodyBlock(Scope outer) {
        super(outer);
    }

    @Override
    final boolean needsChildren() {
        return false;
    }

    @Override
    String kind() {
        return "scope";
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        error = failure;
    }
}
