package io.vertask.app.cli;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Nearest;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** The words that a flag takes, in lower case as the help writes them. */
final class Choices {
    private Choices() {}

    /** Makes {@code cli} read flags of these types. */
    @SafeVarargs
    static void register(CommandLine cli, Class<? extends Enum<?>>... types) {
        for (Class<? extends Enum<?>> type : types) {
            register(cli, type);
        }
    }

    private static <E extends Enum<?>> void register(CommandLine cli, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        List<String> words = all.stream().map(Choices::word).toList();
        cli.registerConverter(type, typed -> {
            int at = words.indexOf(typed.toLowerCase(Locale.ROOT));
            if (at < 0) {
                String meant = MessageText.didYouMean(Nearest.to(typed, words));
                throw new TypeConversionException("it takes " + String.join(", ", words) + ", not "
                        + MessageText.quote(typed) + (meant == null ? "" : "; " + meant));
            }
            return all.get(at);
        });
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
