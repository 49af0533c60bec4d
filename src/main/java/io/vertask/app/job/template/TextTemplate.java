package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain text with dotted paths in braces; nothing is encoded. */
final class TextTemplate implements Template {

    private final String shown;
    private final List<Object> parts;

    private TextTemplate(String shown, List<Object> parts) {
        this.shown = shown;
        this.parts = parts;
    }

    static TextTemplate parse(String text, String shown) {
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean brace = c == '{' || c == '}';
            if (brace && i + 1 < text.length() && text.charAt(i + 1) == c) {
                literal.append(c);
                i += 2;
            } else if (brace) {
                int end = text.indexOf('}', i);
                if (c == '}' || end < 0) {
                    throw new TemplateException("`" + c + "` has no partner; a literal brace is written " + c + c);
                }
                parts.add(literal.toString());
                literal.setLength(0);
                parts.add(path(text.substring(i + 1, end)));
                i = end + 1;
            } else {
                literal.append(c);
                i++;
            }
        }
        parts.add(literal.toString());
        return new TextTemplate(
                shown, parts.stream().filter(part -> !part.equals("")).toList());
    }

    private static Path path(String text) {
        if (text.startsWith("+")) {
            throw new TemplateException(
                    MessageText.quote("{" + text + "}") + " is for URLs; here write {" + text.substring(1) + "}");
        }
        if (text.indexOf('"') >= 0 || text.indexOf('{') >= 0 || text.indexOf('\n') >= 0) {
            throw new TemplateException(MessageText.quote("{" + text + "}")
                    + " is no name; a literal brace is written {{ or }}, and a name like {owner.login}");
        }
        return Path.parse(text);
    }

    @Override
    public String render(TemplateScope scope) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(part instanceof Path path ? Values.text(scope.value(path)) : part);
        }
        return text.toString();
    }

    /** The value itself, with its type, when the template is exactly one placeholder; the rendered text otherwise. */
    @Nullable
    Object value(TemplateScope scope) {
        return isPlaceholder() ? scope.value((Path) parts.get(0)) : render(scope);
    }

    /** Whether the template is exactly one placeholder. */
    boolean isPlaceholder() {
        return parts.size() == 1 && parts.get(0) instanceof Path;
    }

    @Override
    public List<Path> paths() {
        return parts.stream()
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .toList();
    }

    @Override
    public String toString() {
        return shown;
    }
}
