package io.vertask.app.job;

import io.vertask.app.job.Node.Scalar;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client: the base of its paths, the habits of the API behind it, and a token for that origin only.
 *
 * @param url absolute, http or https, without user and password
 * @param token empty: no header at all
 */
public record HttpClientConfig(String name, URI url, Profile profile, Secret token) implements ClientConfig {

    /** Which API's headers, paging and rate-limit rules apply. */
    public enum Profile {
        NONE,
        GITHUB
    }

    private static final URI UNREADABLE = URI.create("http://unreadable.invalid");

    static final ClientConfig.Form FORM = new ClientConfig.Form() {
        @Override
        public List<String> heads() {
            return List.of("url");
        }

        @Override
        public List<String> others() {
            return List.of("profile", "token");
        }

        @Override
        public ClientConfig read(String name, Fields fields) {
            URI url = HttpClientConfig.url(fields);
            return new HttpClientConfig(name, url, profile(fields), fields.secret("token"));
        }
    };

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
                            "unknown profile " + Words.quote(scalar.written()),
                            Words.didYouMean(meant),
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
        if (uri == null || uri.getHost() == null || !TemplateReader.isUrl(scalar.text())) {
            String shown = Words.quote(scalar.written());
            fields.wrong("url", scalar, "an absolute URL, not " + shown, "write it like https://api.example.com");
            return UNREADABLE;
        }
        if (uri.getRawUserInfo() != null) {
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
}
