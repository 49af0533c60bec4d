package io.vertask.testing;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An HTTP server that gives the same numbered rows with every kind of pagination, and counts the requests.
 *
 * <p>{@code /link}, {@code /page}, {@code /cursor} and {@code /offset}, each with any suffix, which makes it a separate
 * list. {@code per_page} is the size of a page. {@code /filtered} leaves out a fifth of the rows of each page
 * afterwards, and all of the second page; it has pages by {@code page} and by {@code offset}, and says how many rows
 * there are before that ({@code total}) and whether there are {@code more}; with {@code strict}, a page after the last
 * is a 404.
 */
public final class PagedServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Map<String, Integer> fetches = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final int rows;
    private final int delayMillis;
    private final HttpServer server;

    private PagedServer(int rows, int delayMillis) {
        this.rows = rows;
        this.delayMillis = delayMillis;
        server = vertx.createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** A server of lists of {@code rows} rows that answers after {@code delayMillis}. */
    public static PagedServer start(int rows, int delayMillis) {
        return new PagedServer(rows, delayMillis);
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The number of requests for each URL (path and query). */
    public Map<String, Integer> fetches() {
        return Map.copyOf(fetches);
    }

    /** Every Authorization header received. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    private void serve(HttpServerRequest request) {
        fetches.merge(request.uri(), 1, Integer::sum);
        authorizations.add(String.valueOf(request.getHeader("Authorization")));
        Consumer<Long> answer = ready -> answer(request);
        if (delayMillis == 0) {
            answer.accept(0L);
        } else {
            vertx.setTimer(delayMillis, answer::accept);
        }
    }

    private void answer(HttpServerRequest request) {
        int size = number(request, "per_page", 10);
        String path = request.path();
        if (path.startsWith("/link")) {
            int page = number(request, "page", 1);
            if (page * size < rows) {
                request.response()
                        .putHeader(
                                "Link",
                                "<" + path + "?per_page=" + size + "&page=1>; rel=\"first\", <" + path + "?per_page="
                                        + size + "&page=" + (page + 1) + ">; rel=\"next\"");
            }
            request.response().end(slice((page - 1) * size, size).encode());
        } else if (path.startsWith("/page")) {
            request.response()
                    .end(slice((number(request, "page", 1) - 1) * size, size).encode());
        } else if (path.startsWith("/cursor")) {
            int after = number(request, "after", 0);
            JsonObject meta = after + size < rows ? new JsonObject().put("next", after + size) : new JsonObject();
            request.response()
                    .end(new JsonObject()
                            .put("items", slice(after, size))
                            .put("meta", meta)
                            .encode());
        } else if (path.startsWith("/offset")) {
            request.response().end(slice(number(request, "offset", 0), size).encode());
        } else if (path.startsWith("/filtered")) {
            int page = number(request, "page", 1);
            filtered(request, number(request, "offset", (page - 1) * size), size);
        } else if (path.startsWith("/same")) {
            request.response().end(slice(0, size).encode());
        } else if (path.startsWith("/circle")) {
            int page = number(request, "page", 1);
            request.response()
                    .putHeader("Link", "<?page=" + (page % 3 + 1) + ">; rel=next")
                    .end(slice(0, size).encode());
        } else if (path.startsWith("/elsewhere")) {
            request.response()
                    .putHeader("Link", "<http://localhost:" + server.actualPort() + "/link>; rel=next")
                    .end(slice(0, size).encode());
        } else if (path.startsWith("/unchanged")) {
            request.response().setStatusCode(304).end();
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void filtered(HttpServerRequest request, int from, int size) {
        if (from >= rows && request.getParam("strict") != null) {
            request.response().setStatusCode(404).end();
            return;
        }
        JsonArray left = new JsonArray();
        slice(from, size).stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getInteger("number") % 5 != 0 && from != size)
                .forEach(left::add);
        request.response()
                .end(new JsonObject()
                        .put("items", left)
                        .put("total", rows)
                        .put("more", from + size < rows)
                        .encode());
    }

    private static int number(HttpServerRequest request, String name, int otherwise) {
        String text = request.getParam(name);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private JsonArray slice(int from, int size) {
        JsonArray slice = new JsonArray();
        for (int n = from; n < Math.min(from + size, rows); n++) {
            slice.add(new JsonObject()
                    .put("number", n + 1)
                    .put("title", "issue " + (n + 1))
                    .put("state", n % 2 == 0 ? "open" : "closed")
                    .put("updated_at", "2026-01-01T00:00:00Z"));
        }
        return slice;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
