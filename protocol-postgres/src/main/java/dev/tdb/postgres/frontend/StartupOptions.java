package dev.tdb.postgres.frontend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code options} of a StartupMessage: a command line in small, of which the proxy understands the switches that set
 * run-time parameters.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS">options</a>
 */
final class StartupOptions {
    private StartupOptions() {}

    /**
     * The parameters set by {@code -c name=value}, {@code -cname=value} and {@code --name=value}, in order; empty when
     * there is any other switch, or one that a server would call wrong: then only the server can judge.
     */
    static Optional<Map<String, String>> parse(String options) {
        Map<String, String> parameters = new LinkedHashMap<>();
        List<String> words = split(options);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String setting;
            if (word.equals("-c") && i + 1 < words.size()) {
                setting = words.get(++i);
            } else if (word.startsWith("-c") || word.startsWith("--")) {
                setting = word.substring(2);
            } else {
                return Optional.empty();
            }
            int equals = setting.indexOf('=');
            if (equals < 1) {
                return Optional.empty();
            }
            String name = setting.substring(0, equals).replace('-', '_');
            if (SessionRequest.isReserved(name)) {
                return Optional.empty();
            }
            parameters.put(name, setting.substring(equals + 1));
        }
        return Optional.of(parameters);
    }

    /** Words parted by white space; a backslash takes the next character as it is. */
    private static List<String> split(String options) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean isEscaped = false;
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (isEscaped) {
                word.append(c);
                isEscaped = false;
            } else if (isSpace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                inWord = true;
                if (c == '\\') {
                    isEscaped = true;
                } else {
                    word.append(c);
                }
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** As C has it. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
