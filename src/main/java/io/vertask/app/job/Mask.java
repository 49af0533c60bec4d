package io.vertask.app.job;

import io.vertask.app.job.yaml.Secret;
import io.vertx.core.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Replaces every secret of a job by {@code ••••} in all output, also where a server sends a secret back.
 *
 * <p>Messages and results are masked differently. In messages every secret is replaced. Results are the user's data, in
 * which a short password may be an ordinary word: only secrets as long as a token are replaced there.
 */
public final class Mask {
    /** Shorter ones would hide half of every message. */
    private static final int SHORTEST = 4;

    private static final int SHORTEST_IN_RESULTS = 12;

    /** A mask without secrets. */
    public static final Mask NONE = new Mask(List.of());

    private final List<String> inMessages;
    private final List<String> inResults;

    private Mask(List<String> secrets) {
        // the longest first: a secret may be a part of another
        inMessages = secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        inResults = inMessages.stream()
                .filter(secret -> secret.length() >= SHORTEST_IN_RESULTS)
                .toList();
    }

    /**
     * The secrets of all clients of {@code job} and of its step's headers, and the password that libpq's variable has
     * in {@code env}.
     */
    public static Mask of(Job job, Map<String, String> env) {
        Stream<Secret> ofClients = job.clients().values().stream().flatMap(client -> client.secrets().stream());
        Stream<Secret> ofStep = job.step().secrets().stream();
        Stream<Secret> ofEnv = Stream.of(Secret.of(env.getOrDefault("PGPASSWORD", "")));
        return new Mask(Stream.of(ofClients, ofStep, ofEnv)
                .flatMap(secrets -> secrets)
                .map(Secret::reveal)
                .flatMap(Mask::forms)
                .toList());
    }

    /** The secret as it is, and as JSON, URLs and CSV write it. */
    private static Stream<String> forms(String secret) {
        String quoted = Json.encode(secret);
        String json = quoted.substring(1, quoted.length() - 1);
        return Stream.of(secret, json, URLEncoder.encode(secret, StandardCharsets.UTF_8), inCsv(secret), inCsv(json));
    }

    private static String inCsv(String text) {
        return text.replace("\"", "\"\"");
    }

    /** Masks a text of Vertask's own: a message, a line of the ledger. */
    public String message(String text) {
        return apply(text, inMessages);
    }

    /** Masks a result, which is the user's data. */
    public String result(String text) {
        return apply(text, inResults);
    }

    private static String apply(String text, List<String> secrets) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, Secret.MASK);
        }
        return masked;
    }
}
