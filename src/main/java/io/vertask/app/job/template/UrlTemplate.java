package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Variables;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.uritemplate.UriTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL by RFC 6570, whose variables are names or dotted names. Unlike the RFC, a value that is not there is an error.
 */
final class UrlTemplate implements Template {

    private static final Pattern EXPRESSION = Pattern.compile("\\{([+#./;?&]?)([^{}]*)\\}");
    private static final Pattern DOUBLED = Pattern.compile("\\{\\{[A-Za-z0-9_.+]*}}");
    private static final Pattern MODIFIER = Pattern.compile("\\*|:[1-9][0-9]{0,3}");

    private final String shown;
    private final UriTemplate template;
    private final List<Path> paths;
    /** For messages: one entry for each stretch, a text where it is a variable of the environment. */
    private final List<Object> stretches;

    private UrlTemplate(String shown, UriTemplate template, List<Path> paths, List<Object> stretches) {
        this.shown = shown;
        this.template = template;
        this.paths = paths;
        this.stretches = stretches;
    }

    static UrlTemplate parse(String text, String shown) {
        List<Path> paths = new ArrayList<>();
        Matcher expression = EXPRESSION.matcher(text);
        int end = 0;
        if (DOUBLED.matcher(text).find()) {
            throw new TemplateException("a name has one brace on each side, like {item}");
        }
        while (expression.find()) {
            literal(text.substring(end, expression.start()));
            end = expression.end();
            for (String variable : expression.group(2).split(",", -1)) {
                paths.add(path(MODIFIER.matcher(variable).replaceFirst(""), expression.group()));
            }
        }
        literal(text.substring(end));
        try {
            return new UrlTemplate(shown, UriTemplate.of(text), List.copyOf(paths), stretches(text, shown));
        } catch (IllegalArgumentException | NullPointerException e) { // the parser throws both, without a reason
            throw new TemplateException("not a URL template (RFC 6570)");
        }
    }

    private static List<Object> stretches(String text, String shown) {
        if (text.equals(shown)) {
            return List.of(UriTemplate.of(text));
        }
        List<Object> stretches = new ArrayList<>();
        for (Variables.Piece piece : Variables.pieces(shown)) {
            if (piece.variable()) {
                stretches.add("${" + piece.text() + "}");
            } else if (EXPRESSION.matcher(piece.text()).replaceAll("").matches(".*[{}].*")) {
                return List.of(shown); // a variable inside an expression
            } else if (!piece.text().isEmpty()) {
                stretches.add(UriTemplate.of(piece.text()));
            }
        }
        return List.copyOf(stretches);
    }

    private static void literal(String text) {
        text.codePoints()
                .filter(c -> c <= ' ' || c > '~' || "\"'<>\\^`{|}".indexOf(c) >= 0)
                .findFirst()
                .ifPresent(c -> {
                    String one = Character.toString(c);
                    if (c == '{' || c == '}') {
                        throw new TemplateException("`" + one + "` has no partner");
                    }
                    String encoded =
                            Template.url("{x}").render(TemplateScope.of(null).with("x", one));
                    throw new TemplateException("a URL cannot have " + MessageText.quote(one) + "; write " + encoded);
                });
    }

    private static Path path(String name, String expression) {
        if (!name.matches("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*")) {
            throw new TemplateException(
                    MessageText.quote(expression) + " is not a URL expression; write {name}, {+name} or {name.field}");
        }
        return Path.parse(name);
    }

    @Override
    public String render(TemplateScope scope) {
        return template.expandToString(values(scope));
    }

    @Override
    public String shown(TemplateScope scope) {
        io.vertx.uritemplate.Variables values = values(scope);
        StringBuilder text = new StringBuilder();
        stretches.forEach(one -> text.append(one instanceof UriTemplate part ? part.expandToString(values) : one));
        return text.toString();
    }

    private io.vertx.uritemplate.Variables values(TemplateScope scope) {
        io.vertx.uritemplate.Variables values = io.vertx.uritemplate.Variables.variables();
        for (Path path : paths) {
            set(values, path.toString(), scope.value(path));
        }
        return values;
    }

    private static void set(io.vertx.uritemplate.Variables variables, String name, @Nullable Object value) {
        if (value == null) {
            throw new TemplateException("{" + name + "} is null");
        }
        Object plain = value instanceof JsonObject object
                ? object.getMap()
                : value instanceof JsonArray array ? array.getList() : value;
        if (plain instanceof Map<?, ?> map) {
            Map<String, String> texts = new LinkedHashMap<>();
            map.forEach((key, one) -> texts.put(String.valueOf(key), Values.text(one)));
            variables.set(name, texts);
        } else if (plain instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.forEach(one -> texts.add(Values.text(one)));
            variables.set(name, texts);
        } else {
            variables.set(name, Values.text(plain));
        }
    }

    @Override
    public List<Path> paths() {
        return paths;
    }

    @Override
    public String toString() {
        return shown;
    }
}
