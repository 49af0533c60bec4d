package io.vertask.app.tour;

import io.vertx.core.Future;

/** What the programs of one tour share. */
final class Stage {
    private final Printer printer;

    Stage(Printer printer) {
        this.printer = printer;
    }

    Printer printer() {
        return printer;
    }

    Future<Void> close() {
        return Future.succeededFuture();
    }
}
