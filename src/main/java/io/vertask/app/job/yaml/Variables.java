package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${VAR}}, {@code ${VAR:-default}} and the literal {@code $$} before a brace inside one scalar.
 *
 * <p>They are replaced after the file was parsed and the result is never parsed again, so a value cannot become a key,
 * a list or a second variable.
 */
public final class Variables {

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\\})?");

    private static final int MOST_FAULTS = 10; // in one scalar

    /**
     * A reference that gives no value.
     *
     * @param snippet its text in the file
     * @param name the name of its variable; null when the reference itself is not valid
     * @param garbled whether the variable is set and can't be read; otherwise it is not set
     */
    record Fault(String snippet, @Nullable String name, boolean garbled) {}

    private Variables() {}

    /**
     * The scalar with its references replaced. As in a shell, {@code :-} also covers a variable that is set to nothing.
     */
    static Scalar replace(Place place, String written, boolean plain, Map<String, String> env) {
        if (!written.contains("${")) {
            return new Scalar(place, written, written, plain, List.of());
        }
        List<Fault> faults = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        Matcher reference = REFERENCE.matcher(written);
        int end = 0;
        while (reference.find()) {
            text.append(written, end, reference.start());
            end = reference.end();
            text.append(one(reference, env, faults));
        }
        text.append(written, end, written.length());
        return new Scalar(place, written, text.toString(), plain, List.copyOf(faults));
    }

    /** A stretch of a scalar: text of the file, or the name of a variable. */
    public record Piece(String text, boolean variable) {}

    /** The stretches of a scalar as it is written. */
    public static List<Piece> pieces(String written) {
        List<Piece> pieces = new ArrayList<>();
        Matcher reference = REFERENCE.matcher(written);
        int end = 0;
        while (reference.find()) {
            pieces.add(new Piece(written.substring(end, reference.start()), false));
            end = reference.end();
            String name = reference.group(1);
            pieces.add(name == null ? new Piece(reference.group(), false) : new Piece(name, true));
        }
        pieces.add(new Piece(written.substring(end), false));
        return List.copyOf(pieces);
    }

    private static String one(Matcher reference, Map<String, String> env, List<Fault> faults) {
        if (reference.group().equals("$${")) {
            return "${";
        }
        String name = reference.group(1);
        if (name == null) {
            add(new Fault("${", null, false), faults);
            return "";
        }
        String value = env.get(name);
        if (value != null && LocaleText.isGarbled(value)) {
            add(new Fault(reference.group(), name, true), faults);
            return "";
        }
        String otherwise = reference.group(2);
        if (otherwise != null) {
            return value == null || value.isEmpty() ? otherwise : value;
        }
        if (value == null) {
            add(new Fault(reference.group(), name, false), faults);
            return "";
        }
        return value;
    }

    private static void add(Fault fault, List<Fault> faults) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(fault);
        }
    }

    /** Reports every reference in the tree that gives no value. */
    public static void report(YamlNode node, Mistakes mistakes) {
        report(node, null, "", mistakes);
    }

    private static void report(YamlNode node, @Nullable Mapping parent, String key, Mistakes mistakes) {
        if (node instanceof Scalar scalar) {
            scalar.faults().forEach(fault -> report(fault, scalar, parent, key, mistakes));
        } else if (node instanceof Sequence sequence) {
            sequence.entries().forEach(entry -> report(entry, null, key, mistakes));
        } else if (node instanceof Mapping mapping) {
            mapping.entries().forEach((name, entry) -> report(entry.value(), mapping, name, mistakes));
        }
    }

    private static void report(Fault fault, Scalar scalar, @Nullable Mapping parent, String key, Mistakes mistakes) {
        Place place = mistakes.within(scalar.place(), fault.snippet());
        String name = fault.name();
        if (name == null) {
            mistakes.show(
                    place,
                    "`${` does not begin a variable",
                    "write ${NAME}, ${NAME:-default}, or $${ for a literal ${");
        } else if (fault.garbled()) {
            mistakes.say(
                    place,
                    "environment variable " + name + " can't be read: it has bytes that are not characters here",
                    LocaleText.cure());
        } else {
            mistakes.say(place, "environment variable " + name + " is not set", fixes(name, parent, key));
        }
    }

    private static String[] fixes(String name, @Nullable Mapping parent, String key) {
        String fix = fix(name, parent, key);
        // names of items and answers are small
        return name.equals(name.toLowerCase(Locale.ROOT))
                ? new String[] {"a name of the item or the answer has no $: {" + name + "}", fix}
                : new String[] {fix};
    }

    private static String fix(String name, @Nullable Mapping parent, String key) {
        String or = "set it, or write ${" + name + ":-";
        return switch (key) {
            case "token" -> or + "} to run without a token" + (isGithub(parent) ? " at 60 requests/hour" : "");
            case "postgres" -> or + "} to use PGHOST, PGPORT, PGUSER, ... as psql does";
            default -> or + "default}";
        };
    }

    private static boolean isGithub(@Nullable Mapping parent) {
        Mapping.Entry profile = parent == null ? null : parent.entries().get("profile");
        return profile != null
                && profile.value() instanceof Scalar scalar
                && scalar.text().equals("github");
    }
}
