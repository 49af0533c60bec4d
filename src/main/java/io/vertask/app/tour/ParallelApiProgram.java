package io.vertask.app.tour;

import static java.util.Objects.requireNonNull;

import io.vertask.client.HttpCalls;
import io.vertask.client.Reached;
import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Parallel API calls, with a timeout for each and errors as values. */
final class ParallelApiProgram extends Program {
    /** Any text: the server that stands in for GitHub needs no token. */
    private static final String GITHUB_TOKEN = "none";

    private static final List<String> REPOS =
            List.of("python/cpython", "pallets/flask", "tiangolo/fastapi", "django/django");

    private final String baseUrl;

    ParallelApiProgram(Printer printer, String baseUrl) {
        super(printer);
        this.baseUrl = baseUrl;
    }

    private Future<JsonObject> githubGet(HttpCalls client, String path) {
        return Tasks.timeout(
                Duration.ofSeconds(10),
                () -> client.web()
                        .getAbs(baseUrl + path)
                        .bearerTokenAuthentication(GITHUB_TOKEN)
                        .putHeader("Accept", "application/vnd.github+json")
                        .send()
                        .expecting(HttpResponseExpectation.SC_SUCCESS)
                        .map(HttpResponse::bodyAsJsonObject));
    }

    private Future<?> fetchRepoStats(List<String> repos) {
        var httpClient = AsyncResource.of(
                () -> Future.succeededFuture(HttpCalls.create(vertx, HttpCalls.Options.of(10), new Reached())),
                HttpCalls::close);
        return Resources.using(httpClient, client -> {
            var stats = Tasks.settle(repos, repo -> githubGet(client, "/repos/" + repo));
            return stats.onSuccess(results -> {
                for (int i = 0; i < repos.size(); i++) {
                    printStats(repos.get(i), results.get(i));
                }
            });
        });
    }

    private void printStats(String repo, Outcome<JsonObject> result) {
        if (result instanceof Outcome.Failure<JsonObject> failure) {
            print(repo + ": ERROR - " + failure.error().getMessage());
        } else {
            JsonObject stats = requireNonNull(result.orElseThrow());
            print(repo + ": " + stats.getInteger("stargazers_count") + " stars, "
                    + stats.getInteger("open_issues_count") + " open issues");
        }
    }

    @Override
    Future<?> main() {
        return fetchRepoStats(REPOS);
    }
}
