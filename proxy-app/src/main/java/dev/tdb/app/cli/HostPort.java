package dev.tdb.app.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address as people write it: {@code db1:5432}, {@code [::1]:5432}. */
record HostPort(String host, int port) {
    private static final Pattern TEXT = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]\\s]+)):([0-9]{1,5})");

    static HostPort parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw CliFailure.usage("address '" + text + "', expected host:port, such as 127.0.0.1:5432 or [::1]:5432");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new HostPort(host, Integer.parseInt(matcher.group(3)));
    }
}
