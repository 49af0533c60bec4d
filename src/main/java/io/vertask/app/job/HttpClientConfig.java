package io.vertask.app.job;

import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.client.HttpOrigin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client: the base URL of its paths, the profile of its API, and a token and headers for that origin only.
 *
 * @param url absolute, http or https, without user and password
 * @param token empty: no header at all
 * @param headers sent with every request to this origin; treated as secrets
 * @param maxBody the longest answer, in bytes; empty: the default
 * @param ca a PEM file with the only certificates that are trusted; empty: the JDK's
 * @param http2 whether HTTP/2 is offered
 */
public record HttpClientConfig(
        String name,
        URI url,
        Profile profile,
        Secret token,
        Map<String, Secret> headers,
        OptionalLong maxBody,
        Optional<String> ca,
        boolean http2)
        implements ClientConfig {

    /** The API whose headers, paging and rate-limit rules apply. */
    public enum Profile {
        NONE,
        GITHUB
    }

    private static final Pattern SHELL_VARIABLE = Pattern.compile("(?:^|\\s)\\$[A-Z_][A-Z0-9_]*$");
    private static final URI UNREADABLE = URI.create("http://unreadable.invalid");

    static final ClientConfig.Form FORM = new ClientConfig.Form() {
        @Override
        public List<String> heads() {
            return List.of("url");
        }

        @Override
        public List<String> others() {
            return List.of("profile", "token", "headers", "max_body", "ca", "http2");
        }

        @Override
        public ClientConfig read(String name, Fields fields) {
            URI url = HttpClientConfig.url(fields);
            Secret token = fields.secret("token");
            Map<String, Secret> headers = Headers.secrets(fields);
            if (!token.isEmpty()
                    && headers.keySet().stream().anyMatch(header -> header.equalsIgnoreCase("authorization"))) {
                fields.mistakes()
                        .show(fields.keyPlace("token"), "`token` sets the header Authorization too", "keep one");
            }
            Optional<String> ca = fields.text("ca");
            boolean http2 = fields.flag("http2");
            tls("ca", ca.isPresent(), url, fields);
            tls("http2", http2, url, fields);
            OptionalLong maxBody = fields.size("max_body", HttpStep.MOST_BODY);
            return new HttpClientConfig(name, url, profile(fields), token, headers, maxBody, ca, http2);
        }
    };

    public HttpClientConfig {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A client with a token and no other option. */
    public static HttpClientConfig of(String name, URI url, Profile profile, Secret token) {
        return new HttpClientConfig(name, url, profile, token, Map.of(), OptionalLong.empty(), Optional.empty(), false);
    }

    private static void tls(String key, boolean given, URI url, Fields fields) {
        if (given && !url.equals(UNREADABLE) && !"https".equalsIgnoreCase(url.getScheme())) {
            fields.mistakes()
                    .show(
                            fields.keyPlace(key),
                            MessageText.quote(key) + " is for https",
                            "write the url with https, or leave " + key + " out");
        }
    }

    private static Profile profile(Fields fields) {
        Scalar scalar = fields.filled("profile");
        if (scalar == null) {
            return Profile.NONE;
        }
        if (!scalar.text().equals("github")) {
            String meant = scalar.substituted() ? null : Nearest.to(scalar.text(), List.of("github"));
            fields.mistakes()
                    .point(
                            scalar.place(),
                            "unknown profile " + MessageText.quote(scalar.written()),
                            MessageText.didYouMean(meant),
                            "profile is one of: github");
        }
        return Profile.GITHUB;
    }

    private static URI url(Fields fields) {
        Scalar scalar = fields.filled("url");
        if (scalar == null) {
            return UNREADABLE;
        }
        URI uri = parsed(scalar.text());
        if (uri == null || HttpOrigin.of(uri).isEmpty() || !TemplateReader.isUrl(scalar.text())) {
            String shown = MessageText.quote(scalar.written());
            fields.wrong("url", scalar, "an absolute URL, not " + shown, "write it like https://api.example.com");
            return UNREADABLE;
        }
        if (uri.getRawAuthority().indexOf('@') >= 0) {
            fields.wrong("url", scalar, "without user and password", "put the secret into `token`");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            fields.wrong("url", scalar, "without ? and #", "put the query into the step's own URL");
        }
        return uri;
    }

    private static @Nullable URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException notAUrl) {
            return null;
        }
    }

    /** A variable as a shell writes it, which is sent as it stands. */
    private static boolean isShellVariable(Secret value) {
        return SHELL_VARIABLE.matcher(value.reveal()).find();
    }

    @Override
    public List<String> notes() {
        Stream<String> ofToken = isShellVariable(token) ? Stream.of("token") : Stream.empty();
        Stream<String> ofHeaders = headers.entrySet().stream()
                .filter(header -> isShellVariable(header.getValue()))
                .map(header -> "headers." + header.getKey());
        return Stream.concat(ofToken, ofHeaders)
                .map(key -> "clients." + name + "." + key
                        + " has a $ that is sent as it stands; a variable is written ${NAME}")
                .toList();
    }

    @Override
    public List<Secret> secrets() {
        Stream<Secret> ofHeaders = headers.entrySet().stream()
                .flatMap(header ->
                        Headers.hidden(header.getKey(), header.getValue().reveal()));
        return Stream.concat(Stream.of(token), ofHeaders).toList();
    }
}
