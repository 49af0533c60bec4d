package io.vertask.app.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The repositories of the demo: four that answer after the delays of the asyncio page, and four that misbehave. */
final class Repositories {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Map<String, Repository> byFullName = new LinkedHashMap<>();

    private Repositories() {}

    /** @param silence the time that {@code acme/slow} is silent */
    static Repositories withSilence(Duration silence) {
        Repositories all = new Repositories();
        all.add("python", "cpython", 66214, 9120, "Python", Duration.ofMillis(300), null);
        all.add("pallets", "flask", 68977, 7, "Python", Duration.ofMillis(100), null);
        all.add("tiangolo", "fastapi", 81236, 264, "Python", Duration.ofMillis(200), null);
        all.add("django", "django", 82491, 358, "Python", Duration.ofMillis(150), null);
        all.add("acme", "gone", 0, 0, "Java", SHORT, new Misbehaviour.Gone());
        all.add("acme", "slow", 17, 2, "Java", SHORT, new Misbehaviour.Slow(silence));
        all.add("acme", "flaky", 23, 5, "Java", SHORT, new Misbehaviour.Flaky());
        all.add("acme", "busy", 42, 8, "Java", SHORT, new Misbehaviour.Busy(Duration.ofSeconds(1)));
        return all;
    }

    private void add(
            String owner,
            String name,
            int stars,
            int openIssues,
            String language,
            Duration delay,
            @Nullable Misbehaviour misbehaviour) {
        byFullName.put(
                owner + "/" + name, new Repository(owner, name, stars, openIssues, language, delay, misbehaviour));
    }

    @Nullable
    Repository find(String fullName) {
        return byFullName.get(fullName);
    }

    /** The full names: the page's four, then the four that misbehave. */
    List<String> names() {
        return List.copyOf(byFullName.keySet());
    }
}
