package io.vertask.app.job.yaml;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes as job files write them: {@code 500kB}, {@code 10MB}, {@code 64MiB}. */
public final class SizeText {

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}) ?(B|kB|KB|MB|GB|KiB|MiB|GiB)");

    private record Unit(String name, long bytes) {}

    private static final List<Unit> UNITS = List.of(
            new Unit("GiB", 1L << 30),
            new Unit("GB", 1_000_000_000),
            new Unit("MiB", 1L << 20),
            new Unit("MB", 1_000_000),
            new Unit("KiB", 1L << 10),
            new Unit("kB", 1_000),
            new Unit("B", 1));

    private SizeText() {}

    /** <b>Failure.</b> {@link IllegalArgumentException} with the fix as its message. */
    public static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(
                    text.matches("[0-9]{1,9}")
                            ? "a size needs a unit: " + text + "MB or " + text + "kB"
                            : "a size is a whole number with B, kB, MB, GB, KiB, MiB or GiB, like 10MB");
        }
        String name = size.group(2).equals("KB") ? "kB" : size.group(2);
        long unit = UNITS.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow()
                .bytes();
        return Long.parseLong(size.group(1)) * unit;
    }

    /** The text that {@link #parse} reads back, in the largest unit that fits without a rest. */
    public static String format(long bytes) {
        Unit fitting = UNITS.stream()
                .filter(unit -> bytes >= unit.bytes() && bytes % unit.bytes() == 0)
                .findFirst()
                .orElse(UNITS.get(UNITS.size() - 1));
        return bytes / fitting.bytes() + fitting.name();
    }
}
