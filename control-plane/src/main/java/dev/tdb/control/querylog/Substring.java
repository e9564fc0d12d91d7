package dev.tdb.control.querylog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A part of a text, in any case, as a condition for SQLite. Its LIKE knows the case of ASCII letters only, and is fast;
 * other letters are spelt out in both cases for GLOB, which is not, and is asked only where LIKE or one letter says that
 * it is worth it.
 */
final class Substring {
    private static final int ASCII_END = 0x80;

    private final String text;
    private final boolean ascii;

    Substring(String text) {
        this.text = text;
        this.ascii = text.chars().allMatch(c -> c < ASCII_END);
    }

    String condition(String column) {
        if (ascii) {
            return column + " LIKE ? ESCAPE '\\'";
        }
        StringBuilder any = new StringBuilder("(");
        for (int i = 0; i < firstLetter().size(); i++) {
            any.append(i == 0 ? "" : " OR ").append("instr(").append(column).append(", ?) > 0");
        }
        return any + ") AND " + column + " LIKE ? ESCAPE '\\' AND " + column + " GLOB ?";
    }

    List<String> parameters() {
        if (ascii) {
            return List.of(like());
        }
        List<String> all = new ArrayList<>();
        firstLetter().forEach(letter -> all.add(Character.toString(letter)));
        all.add(like());
        all.add(glob());
        return all;
    }

    /** The first letter that is not of ASCII, in all its cases. */
    private Set<Integer> firstLetter() {
        return cases(text.codePoints().filter(c -> c >= ASCII_END).findFirst().orElseThrow());
    }

    /** What is not of ASCII may be anything. */
    private String like() {
        StringBuilder pattern = new StringBuilder("%");
        text.codePoints().forEach(c -> {
            if (c >= ASCII_END) {
                pattern.append('%');
            } else {
                pattern.append(c == '%' || c == '_' || c == '\\' ? "\\" : "").append((char) c);
            }
        });
        return pattern.append('%').toString();
    }

    private String glob() {
        StringBuilder pattern = new StringBuilder("*");
        text.codePoints().forEach(c -> {
            if (Character.isLetter(c) || c == '*' || c == '?' || c == '[') {
                pattern.append('[');
                cases(c).forEach(pattern::appendCodePoint);
                pattern.append(']');
            } else {
                pattern.appendCodePoint(c);
            }
        });
        return pattern.append('*').toString();
    }

    private static Set<Integer> cases(int letter) {
        Set<Integer> all = new LinkedHashSet<>();
        all.add(letter);
        all.add(Character.toLowerCase(letter));
        all.add(Character.toUpperCase(letter));
        all.add(Character.toTitleCase(letter));
        return all;
    }
}
