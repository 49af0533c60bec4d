package io.vertask.app.workload.http;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A setter of one parameter in a URL's query, which leaves the rest as it is. */
final class QueryParam {
    private QueryParam() {}

    /** {@code target} with {@code name=value}, in place of what it says for that name; at the end otherwise. */
    static String set(String target, String name, String value) {
        int hash = target.indexOf('#');
        String whole = hash < 0 ? target : target.substring(0, hash);
        int question = whole.indexOf('?');
        String path = question < 0 ? whole : whole.substring(0, question);
        String pair = encoded(name) + "=" + encoded(value);
        List<String> pairs = new ArrayList<>();
        boolean there = false;
        for (String one :
                question < 0 ? new String[0] : whole.substring(question + 1).split("&", -1)) {
            if (!named(one, name)) {
                pairs.add(one);
            } else if (!there) {
                pairs.add(pair);
                there = true;
            }
        }
        pairs.removeIf(String::isEmpty);
        if (!there) {
            pairs.add(pair);
        }
        return path + "?" + String.join("&", pairs);
    }

    private static boolean named(String pair, String name) {
        int equals = pair.indexOf('=');
        String written = equals < 0 ? pair : pair.substring(0, equals);
        try {
            return URLDecoder.decode(written, StandardCharsets.UTF_8).equals(name);
        } catch (IllegalArgumentException oddPercent) {
            return written.equals(name);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
