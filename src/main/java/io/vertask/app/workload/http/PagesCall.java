package io.vertask.app.workload.http;

import io.vertask.app.job.PagesStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.PagedCall;
import io.vertask.app.workload.http.Sender.Onward;
import io.vertask.app.workload.http.Sender.Received;
import io.vertask.client.HttpOrigin;
import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pages of one item, one for each attempt. */
final class PagesCall implements PagedCall {
    private final Sender http;
    private final PagesStep step;
    private final Picking picking;
    private final ItemRequests requests;
    private final TemplateScope item;
    private final HttpOrigin origin;
    private final PageWalk walk;
    /** The page that has been fetched and not taken. */
    private @Nullable Answer fetched;
    /** The rest of the way after a redirect that asked us to wait. */
    private Optional<Onward> rest = Optional.empty();

    /** {@code origin}: that of the first page. */
    PagesCall(
            Sender http,
            PagesStep step,
            Picking picking,
            ItemRequests requests,
            TemplateScope item,
            HttpOrigin origin,
            PageWalk walk) {
        this.http = http;
        this.step = step;
        this.picking = picking;
        this.requests = requests;
        this.item = item;
        this.origin = origin;
        this.walk = walk;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases) {
        return fetch(phases).map(answer -> {
            take();
            return answer;
        });
    }

    @Override
    public Future<Answer> fetch(PhaseListener phases) {
        return fetched == null ? received(phases).map(this::answer) : Future.succeededFuture(fetched);
    }

    private Future<Received> received(PhaseListener phases) {
        // it stays until there is an answer, as in HttpWorkload
        if (rest.isPresent()) {
            return http.send(rest.get(), phases, status -> false);
        }
        Request request = requests.of(HttpMethod.GET, walk.target());
        if (!request.origin().equals(origin)) {
            // another origin has other rows, and the token must not go there
            throw CallFailure.lasting(
                    "next page",
                    "the next link goes to another origin, " + request.origin() + ", and is not followed ("
                            + request.what() + ")");
        }
        return http.send(request, phases, status -> false);
    }

    private Answer answer(Received received) {
        rest = received.next();
        if (rest.isPresent()) {
            return sum(walk.pages(), walk.rows())
                    .unfinished()
                    .pausing(rest.get().pause());
        }
        if (walk.endsWith(received.status())) {
            fetched = sum(walk.pages(), walk.rows());
            return fetched;
        }
        if (received.status() < 200 || received.status() > 299) {
            CallFailure refused = http.refused(received);
            throw walk.mayEndWith(received.status()) && refused.effect() == CallFailure.Effect.FINAL
                    ? refused.because(
                            "if that means that there are no more pages, add end: " + received.status() + " to `next`")
                    : refused;
        }
        Answer page = page(received);
        fetched = http.wishOf(received).map(page::pausing).orElse(page);
        return fetched;
    }

    private Answer page(Received received) {
        String what = received.request().what();
        Object body = Responses.parsed(new BodyText(received, step.charset()), "", requests);
        JsonArray rows = rows(body, what);
        List<Answer> answers = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            answers.add(row(rows.getValue(i)));
        }
        Optional<String> link = LinkHeader.next(received.response().headers().getAll("Link"));
        URI url = received.request().url();
        boolean more = walk.fetched(new PageWalk.Page(what, url, link, body, rows));
        Answer whole = sum(walk.pages() + 1, walk.rows() + rows.size()).withRows(answers);
        return more ? whole.unfinished() : whole;
    }

    private JsonArray rows(@Nullable Object body, String what) {
        Object rows = step.rows().select(body, null);
        if (rows instanceof JsonArray array) {
            return array;
        }
        String found = rows == null ? "not there" : rows instanceof JsonObject ? "an object" : "one value";
        throw CallFailure.lasting(
                "no rows",
                "do.rows: `" + step.rows() + "` of the answer is " + found + ", not an array (" + what + ")");
    }

    private Answer row(@Nullable Object row) {
        if (picking.isEmpty()) {
            return Answer.of(item.answer(row), Json.encode(row), row);
        }
        Map<String, @Nullable Object> picked = picking.of(row, item);
        JsonObject value = new JsonObject(picked);
        return Answer.of(item.with(picked), value.encode(), value);
    }

    @Override
    public String position() {
        return walk.position();
    }

    @Override
    public Optional<String> after() {
        return walk.after();
    }

    @Override
    public void take() {
        walk.take();
        fetched = null;
    }

    @Override
    public void goOnFrom(String position) {
        walk.goOnFrom(position);
    }

    @Override
    public Answer sum() {
        return sum(walk.pages(), walk.rows());
    }

    /** Its line is printed only by a caller that prints no rows. */
    private Answer sum(int pages, long rows) {
        JsonObject sum = new JsonObject().put("rows", rows).put("pages", pages);
        String line = String.format(Locale.ROOT, rows == 1 ? "%,d row" : "%,d rows", rows);
        return Answer.of(item, line, sum).withoutLine();
    }
}
