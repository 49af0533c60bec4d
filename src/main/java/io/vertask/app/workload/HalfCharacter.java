package io.vertask.app.workload;

/**
 * One half of a character that takes two, without the other: UTF-8 has no bytes for it, and Java writes a ? instead.
 */
public final class HalfCharacter {
    private HalfCharacter() {}

    public static boolean isIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
