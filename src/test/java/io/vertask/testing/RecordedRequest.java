package io.vertask.testing;

import java.util.Map;

/**
 * One received request.
 *
 * @param line the request line, such as {@code GET /a?b=c HTTP/1.1}
 * @param headers names in lower case
 * @param at {@link System#nanoTime} when its last byte was read
 */
public record RecordedRequest(String line, Map<String, String> headers, String body, long at) {
    public String method() {
        return line.substring(0, line.indexOf(' '));
    }

    /** The target without its query. */
    public String path() {
        String target = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
