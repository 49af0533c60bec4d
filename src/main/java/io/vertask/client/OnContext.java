package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;

/** A foreign future whose callbacks run on the caller's context, where the caller's scope is found. */
final class OnContext {
    private OnContext() {}

    static <T> Future<T> anchored(ContextInternal context, Future<T> future) {
        return context.future(future::onComplete);
    }
}
