package io.vertask.app.demo;

import java.util.ArrayList;
import java.util.List;

/** A row of the demo's table {@code users}. */
record DemoUser(int id, String username) {
    private static final List<String> NAMES = List.of(
            "ada",
            "alan",
            "barbara",
            "carl",
            "dennis",
            "edsger",
            "",
            "frances",
            "grace",
            "hedy",
            "ivan",
            "john",
            "",
            "katherine",
            "leslie",
            "margaret",
            "niklaus",
            "radia",
            "sophie",
            "tony");

    /** The rows with ids 1 to 20 except 7 and 13, so that two look-ups of an id find nothing. */
    static List<DemoUser> all() {
        List<DemoUser> users = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!NAMES.get(i).isEmpty()) {
                users.add(new DemoUser(i + 1, NAMES.get(i)));
            }
        }
        return users;
    }
}
