package dev.tdb.it;

import java.util.stream.Stream;

/** Things of a schema {@code traps} with the names of what PostgreSQL has in {@code pg_catalog}: whoever runs one fails. */
final class Traps {
    private static final String BODY = "LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hijacked''; END'";

    /** Makes them. */
    static final String[] SET = Stream.of(
                    Stream.of("CREATE SCHEMA traps"),
                    Stream.of(
                                    "trap() RETURNS boolean",
                                    "same(text, text) RETURNS boolean",
                                    "same(name, text) RETURNS boolean",
                                    "same(oid, oid) RETURNS boolean",
                                    "same(int, int) RETURNS boolean",
                                    "current_setting(text) RETURNS text",
                                    "current_setting(text, boolean) RETURNS text",
                                    "set_config(text, text, boolean) RETURNS text",
                                    "octet_length(text) RETURNS int",
                                    "pg_backend_pid() RETURNS int",
                                    "pg_my_temp_schema() RETURNS oid",
                                    "pg_listening_channels() RETURNS SETOF text")
                            .map(signature -> "CREATE FUNCTION traps." + signature + " " + BODY),
                    Stream.of(
                                    "text, RIGHTARG = text",
                                    "name, RIGHTARG = text",
                                    "oid, RIGHTARG = oid",
                                    "int, RIGHTARG = int")
                            .flatMap(sides -> Stream.of("=", "<>", "<=")
                                    .map(operator -> "CREATE OPERATOR traps." + operator + " (LEFTARG = " + sides
                                            + ", FUNCTION = traps.same)")),
                    Stream.of(
                                    "pg_settings",
                                    "pg_prepared_statements",
                                    "pg_cursors",
                                    "pg_locks",
                                    "pg_class",
                                    "pg_proc",
                                    "pg_type")
                            .map(view -> "CREATE VIEW traps." + view + " AS SELECT traps.trap() AS name"),
                    Stream.of("CREATE DOMAIN traps.text AS pg_catalog.text CHECK (traps.trap())"))
            .flatMap(statements -> statements)
            .toArray(String[]::new);

    private Traps() {}
}
