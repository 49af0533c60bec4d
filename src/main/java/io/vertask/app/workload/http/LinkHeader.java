package io.vertask.app.workload.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reader of {@code Link} headers (RFC 8288). */
final class LinkHeader {
    private static final Pattern TARGET = Pattern.compile("\\G[\\s,]*+<([^>]*+)>");
    private static final Pattern PARAMETER = Pattern.compile(
            "\\G\\s*+;\\s*+([^\\s=;,\"<>]*+)\\s*+(?:=\\s*+(?:\"((?:\\\\.|[^\"\\\\])*+)\"|([^\\s;,\"]*+)))?+");

    private LinkHeader() {}

    /** The target of the first link whose relation is {@code next}; as it is written, which may be relative. */
    static Optional<String> next(List<String> headers) {
        for (String header : headers) {
            for (Link link : parse(header)) {
                if (link.isNext()) {
                    return Optional.of(link.target());
                }
            }
        }
        return Optional.empty();
    }

    /** One link; of a parameter that is there twice, the first counts, as the RFC has it for {@code rel}. */
    private record Link(String target, List<String[]> parameters) {
        boolean isNext() {
            // a link with an anchor is about something else than this page
            return value("anchor").isEmpty()
                    && value("rel")
                            .filter(rel -> List.of(
                                            rel.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                                    .contains("next"))
                            .isPresent();
        }

        private Optional<String> value(String name) {
            return parameters.stream()
                    .filter(one -> one[0].equalsIgnoreCase(name))
                    .map(one -> one[1])
                    .findFirst();
        }
    }

    /** A syntax error ends the header: the links before it count. */
    private static List<Link> parse(String header) {
        List<Link> links = new ArrayList<>();
        Matcher target = TARGET.matcher(header);
        Matcher parameter = PARAMETER.matcher(header);
        int at = 0;
        while (target.find(at) && target.start() == at) {
            at = target.end();
            List<String[]> parameters = new ArrayList<>();
            while (parameter.find(at) && parameter.start() == at) {
                String quoted = parameter.group(2);
                String token = parameter.group(3) == null ? "" : parameter.group(3);
                parameters.add(
                        new String[] {parameter.group(1), quoted == null ? token : quoted.replaceAll("\\\\(.)", "$1")});
                at = parameter.end();
            }
            links.add(new Link(target.group(1).strip(), parameters));
        }
        return links;
    }
}
