package io.vertask.app.demo;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One repository of the demo's server: its figures, the delay of its answers, and its misbehaviour, if any. */
record Repository(
        String owner,
        String name,
        int stars,
        int openIssues,
        String language,
        Duration delay,
        @Nullable Misbehaviour misbehaviour) {

    String fullName() {
        return owner + "/" + name;
    }

    /** The body of GitHub's {@code GET /repos/{owner}/{repo}}, with the fields that jobs commonly use. */
    JsonObject toJson() {
        String page = "https://github.com/" + fullName();
        String api = "https://api.github.com/repos/" + fullName();
        // The id must differ between repositories and be the same in every run.
        int id = fullName().hashCode() & Integer.MAX_VALUE;
        JsonObject ownerJson = new JsonObject()
                .put("login", owner)
                .put("id", owner.hashCode() & Integer.MAX_VALUE)
                .put("url", "https://api.github.com/users/" + owner)
                .put("html_url", "https://github.com/" + owner)
                .put("type", "Organization");
        return new JsonObject()
                .put("id", id)
                .put("name", name)
                .put("full_name", fullName())
                .put("private", false)
                .put("owner", ownerJson)
                .put("html_url", page)
                .put("url", api)
                .put("issues_url", api + "/issues{/number}")
                .put("fork", false)
                .put("language", language)
                .put("stargazers_count", stars)
                .put("watchers_count", stars)
                .put("open_issues_count", openIssues)
                .put("open_issues", openIssues)
                .put("archived", false)
                .put("visibility", "public")
                .put("default_branch", "main");
    }
}
