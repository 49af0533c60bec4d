package io.vertask.client.libpq;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * The parser of {@code postgresql://user:password@host:port/database?key=value}, by libpq's rules.
 *
 * <p><b>Failure.</b> {@link IllegalArgumentException} that names the part, and never repeats the text: a password may
 * be anywhere in a malformed URI.
 */
final class PgUri {
    private PgUri() {}

    static void read(String uri, BiConsumer<String, String> settings) {
        int scheme = uri.startsWith("postgresql://") ? 13 : uri.startsWith("postgres://") ? 11 : 0;
        if (scheme == 0) {
            throw new IllegalArgumentException(
                    "the database URI does not begin with postgresql://; it looks like postgresql://user:password@host:5432/database");
        }
        String rest = uri.substring(scheme);
        int question = rest.indexOf('?');
        String parameters = question < 0 ? "" : rest.substring(question + 1);
        rest = question < 0 ? rest : rest.substring(0, question);
        if (rest.indexOf('@') < 0 && parameters.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "the database URI has a '?' before its '@'; in a user name or password it is written %3F, and an '@' in a parameter %40");
        }
        int slash = rest.indexOf('/');
        int at = rest.indexOf('@');
        if (slash >= 0 && at > slash) {
            throw new IllegalArgumentException(
                    "the database URI has a '/' before its '@'; in a user name or password it is written %2F");
        }
        if (slash >= 0) {
            put("dbname", rest.substring(slash + 1), settings);
            rest = rest.substring(0, slash);
        }
        if (at >= 0) {
            credentials(rest.substring(0, at), settings);
            rest = rest.substring(at + 1);
        }
        if (rest.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "the database URI has more than one '@'; in a user name or password it is written %40");
        }
        hostAndPort(rest, settings);
        parameters(parameters, settings);
    }

    private static void credentials(String text, BiConsumer<String, String> settings) {
        int colon = text.indexOf(':');
        put("user", colon < 0 ? text : text.substring(0, colon), settings);
        if (colon >= 0) {
            put("password", text.substring(colon + 1), settings);
        }
    }

    private static void hostAndPort(String text, BiConsumer<String, String> settings) {
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        if (text.startsWith("[") && bracket < 0) {
            throw new IllegalArgumentException("the database URI's host begins with '[' and has no ']'");
        }
        int colon = text.indexOf(':', Math.max(bracket, 0));
        put("host", bracket > 0 ? text.substring(1, bracket) : colon < 0 ? text : text.substring(0, colon), settings);
        if (colon >= 0) {
            put("port", text.substring(colon + 1), settings);
        }
    }

    private static void parameters(String text, BiConsumer<String, String> settings) {
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "a parameter of the database URI has no '='; they look like sslmode=require");
            }
            if (pair.equals("ssl=true")) {
                // JDBC's form, which libpq accepts too
                put("sslmode", "require", settings);
                continue;
            }
            if (!PgSettings.isKnown(key)) {
                throw new IllegalArgumentException("the database URI's parameter '" + key
                        + "' is not supported; it takes " + String.join(" ", PgSettings.supported()));
            }
            put(key, pair.substring(equals + 1), settings);
        }
    }

    private static void put(String key, String encoded, BiConsumer<String, String> settings) {
        if (!encoded.isEmpty()) {
            settings.accept(key, decoded(key, encoded));
        }
    }

    /** Percent-decoding alone: unlike in a form, a plus sign stays one. */
    private static String decoded(String key, String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) != '%') {
                int point = text.codePointAt(i);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0 || high + low == 0) {
                throw new IllegalArgumentException("the database URI's " + key
                        + " has a '%' without two hexadecimal digits; a percent sign itself is written %25");
            }
            bytes.write(high * 16 + low);
            i += 3;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
