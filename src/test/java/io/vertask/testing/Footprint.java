package io.vertask.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory use of another JVM on this Linux machine.
 *
 * @param live the bytes of its heap in use after a garbage collection
 * @param resident the bytes of the process in physical memory
 */
public record Footprint(long live, long resident) {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    /** The last line of the histogram: the total of objects and bytes. */
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    /** Measures the process {@code pid}, after a garbage collection there. */
    public static Footprint of(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
                .redirectErrorStream(true)
                .start();
        String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        return new Footprint(number(TOTAL, histogram), number(RESIDENT, status) * 1024);
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public String toString() {
        return "%,d kB of heap in use, %,d kB resident".formatted(live >> 10, resident >> 10);
    }
}
