package io.vertask.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the guide, or the README, with its code blocks and its code spans taken out of the text. */
record Page(Path file, List<Block> blocks, String prose) {
    static final Path GUIDE = Path.of("src/site/markdown");

    private static final Pattern FENCE = Pattern.compile("(?m)^```(\\w*)\\R(.*?)^```$", Pattern.DOTALL);
    private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");

    /** The code between two fences, and the line it begins at. */
    record Block(Path file, int line, String language, String text) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    static Page of(Path file) throws IOException {
        String text = Files.readString(file);
        List<Block> blocks = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            int line = (int) text.substring(0, fence.start(2)).lines().count() + 1;
            blocks.add(new Block(file, line, fence.group(1), fence.group(2)));
        }
        return new Page(file, blocks, fence.replaceAll(""));
    }

    /** Every page that people read: those of the guide, and those beside the pom. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> guide = Files.list(GUIDE)) {
            List<Path> files = Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(Path::of),
                            guide)
                    .sorted()
                    .toList();
            for (Path file : files) {
                pages.add(of(file));
            }
        }
        return pages;
    }

    static Page guide(String name) throws IOException {
        return of(GUIDE.resolve(name));
    }

    List<Block> blocks(String language) {
        return blocks.stream().filter(block -> block.language.equals(language)).toList();
    }

    /** The code in the running text. */
    List<String> spans() {
        return SPAN.matcher(prose).results().map(span -> span.group(1)).toList();
    }

    /** The names that links may have behind a {@code #}, made of the headings as GitHub makes them. */
    List<String> anchors() {
        return prose.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
