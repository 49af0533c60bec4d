package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the stretches of a job file that are secrets and must not be shown.
 *
 * <p>A key that looks like a secret's, misspelt too, hides its value; so does every key of a client that is not known
 * to be harmless. A value that is only {@code ${VAR}} is shown: it names the secret and does not hold it.
 */
public final class SecretText {

    private static final List<String> SECRET_KEYS =
            List.of("token", "postgres", "password", "secret", "authorization", "api_key");
    private static final Set<String> OPEN_CLIENT_KEYS = Set.of(
            "url",
            "profile",
            "pool",
            "min",
            "max",
            "statement_timeout",
            "max_body",
            "max_scram_iterations",
            "ca",
            "http2");
    private static final List<String> LONG_OPEN_KEYS =
            List.of("profile", "pool", "statement_timeout", "max_body", "max_scram_iterations");
    private static final Pattern ONLY_VARIABLE = Pattern.compile("[\"']?\\$\\{[A-Za-z0-9_]+(:-)?\\}[\"']?");
    private static final Pattern SECRET_HEADER =
            Pattern.compile("(?i).*(auth|cookie|token|secret|passw|credential|signature|session|[-_]key|apikey).*");
    // possessive where a long line could make the search quadratic
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(?<=://)[^/\\s\"']+(?=@)");
    private static final Pattern KEY_AND_VALUE = Pattern.compile("(?<![A-Za-z_-])([A-Za-z_-]++)[\"']?\\s*+[:=]\\s*+"
            + "(\"(?:\\\\.|[^\"\\\\])*+\"?|'[^']*+'?|\\$\\{[^{}]*+\\}(?=\\s*(?:[,}\\]#]|$))|\\S.*+)");
    private static final Pattern STARTS_WITH_KEY =
            Pattern.compile("[\\s-]*+[\"']?([A-Za-z_-]++)[\"']?\\s*+:(?:\\s.*+|$)");
    private static final int MOST_LINES_BACK = 1_000;

    private SecretText() {}

    static boolean looksSecret(String key) {
        return Nearest.to(key, SECRET_KEYS) != null;
    }

    /** Whether a header of this name is likely to carry a secret. */
    public static boolean isSecretHeader(String name) {
        return looksSecret(name) || SECRET_HEADER.matcher(name).matches();
    }

    static String withoutPasswords(String text) {
        return PASSWORD_IN_URL.matcher(text).replaceAll(Secret.MASK);
    }

    /** A URL that is secret as a whole, and the password in it, encoded and plain. */
    public static List<Secret> withPassword(Secret url) {
        Matcher user = PASSWORD_IN_URL.matcher(url.reveal());
        if (!user.find() || user.group().indexOf(':') < 0) {
            return List.of(url);
        }
        String password = user.group().substring(user.group().indexOf(':') + 1);
        try {
            String plain = URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8);
            return List.of(url, Secret.of(password), Secret.of(plain));
        } catch (IllegalArgumentException notEncoded) {
            return List.of(url, Secret.of(password));
        }
    }

    private static boolean isClients(String key) {
        return Nearest.to(key, List.of("clients")) != null;
    }

    /** Whether a key inside a client is known to be harmless, misspelt too. */
    private static boolean isOpenInClient(String key) {
        return OPEN_CLIENT_KEYS.contains(key) || (key.length() > 2 && Nearest.to(key, LONG_OPEN_KEYS) != null);
    }

    /** Whether the value of this path of keys may be shown. */
    static boolean isOpen(List<String> path) {
        String last = path.get(path.size() - 1);
        boolean header = path.size() > 1 && isHeaders(path.get(path.size() - 2)) && isSecretHeader(last);
        return !header
                && path.stream().noneMatch(SecretText::looksSecret)
                && (!isClients(path.get(0)) || isOpenInClient(last));
    }

    /** Hides the secrets of a file that could be parsed. */
    static void hide(YamlNode root, Source source) {
        hide(root, false, false, source);
    }

    private static void hide(YamlNode node, boolean secret, boolean client, Source source) {
        if (node instanceof Scalar scalar) {
            if (secret && !ONLY_VARIABLE.matcher(scalar.written()).matches()) {
                source.hide(scalar.place(), scalar.written());
            }
        } else if (node instanceof Sequence sequence) {
            sequence.entries().forEach(entry -> hide(entry, secret, client, source));
        } else if (node instanceof Mapping mapping) {
            mapping.entries().values().forEach(entry -> hide(entry, secret || client, source));
            mapping.refused().forEach(entry -> hide(entry, secret || client, source));
        }
    }

    /** Hides unknown keys in a map under a client, or under a secret key, which may be a misplaced client. */
    private static void hide(Mapping.Entry entry, boolean client, Source source) {
        String key = entry.key().text();
        boolean secret = looksSecret(key) || (client && !isOpenInClient(key));
        if (isHeaders(key) && !client && entry.value() instanceof Mapping headers) {
            headers.entries().values().forEach(header -> hideHeader(header, source));
            headers.refused().forEach(header -> hideHeader(header, source));
            return;
        }
        hide(entry.value(), secret, client || isClients(key), source);
    }

    private static void hideHeader(Mapping.Entry header, Source source) {
        boolean secret = isSecretHeader(header.key().text());
        hide(header.value(), secret, secret, source);
    }

    private static boolean isHeaders(String key) {
        return Nearest.to(key, List.of("headers")) != null;
    }

    /** The characters of this line that are secret, as far as the line alone shows. */
    static BitSet guess(String line) {
        BitSet hidden = new BitSet();
        Matcher pair = KEY_AND_VALUE.matcher(line);
        int from = 0;
        while (pair.find(from)) {
            boolean secret = isSecretHeader(pair.group(1));
            if (secret && !ONLY_VARIABLE.matcher(pair.group(2)).matches()) {
                hidden.set(pair.start(2), pair.end(2));
            }
            from = secret ? pair.end() : pair.start(2);
        }
        hidden.or(passwords(line));
        return hidden;
    }

    /** The characters of this line that are a password inside a URL. */
    static BitSet passwords(String line) {
        BitSet hidden = new BitSet();
        Matcher password = PASSWORD_IN_URL.matcher(line);
        while (password.find()) {
            hidden.set(password.start(), password.end());
        }
        return hidden;
    }

    /** Whether the last of these lines may be the inside of a secret that began on an earlier one. */
    static boolean continuesSecret(List<String> lines) {
        int last = lines.size() - 1;
        for (int i = last; i >= Math.max(0, last - MOST_LINES_BACK); i--) {
            Matcher key = STARTS_WITH_KEY.matcher(lines.get(i));
            if (key.matches()) {
                return i < last && isSecretHeader(key.group(1));
            }
        }
        return last > MOST_LINES_BACK;
    }

    /** A value from outside the file, for this path, as it may be shown. */
    static String shown(String value, List<String> path) {
        boolean open = value.isEmpty()
                || ONLY_VARIABLE.matcher(value).matches()
                || (isOpen(path) && guess(value).isEmpty());
        return open ? MessageText.visible(value) : Secret.MASK;
    }
}
