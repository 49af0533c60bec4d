package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is done to a file: a job, or mistakes with places. */
class MutatedFilesTest {

    private static final String PIECES = "{}[]:,#&*!|>'\"%@`?-$ \t\n\r~é\u0001\uD83D";

    @Test
    void aBrokenFileGivesAJobOrMistakesWithPlaces() {
        int jobs = 0;
        int refused = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            String file = Conf.ALL.get(seed % Conf.ALL.size());
            String broken = mutate(Conf.text(file), new Random(seed));
            try {
                Jobs.read(file, broken, Map.of("X", "x"), List.of());
                jobs++;
            } catch (JobErrors errors) {
                refused++;
                assertThat(errors.mistakes())
                        .isNotEmpty()
                        .allMatch(mistake -> mistake.line() > 0 && mistake.column() > 0, "has a place");
            } catch (RuntimeException e) {
                throw new AssertionError(file + ", seed " + seed + ":\n" + broken, e);
            }
        }
        assertThat(jobs).isPositive();
        assertThat(refused).isGreaterThan(jobs);
    }

    private static String mutate(String text, Random random) {
        StringBuilder broken = new StringBuilder(text);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !broken.isEmpty(); i++) {
            int at = random.nextInt(broken.length());
            int length = Math.min(1 + random.nextInt(8), broken.length() - at);
            switch (random.nextInt(6)) {
                case 0 -> broken.delete(at, at + length);
                case 1 -> broken.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 2 -> broken.setCharAt(at, (char) ('a' + random.nextInt(26)));
                case 3 -> broken.setLength(at);
                case 4 -> broken.insert(random.nextInt(broken.length()), broken.substring(at, at + length));
                default -> broken.insert(at, random.nextBoolean() ? "${X}" : "${Y}");
            }
        }
        return broken.toString();
    }
}
