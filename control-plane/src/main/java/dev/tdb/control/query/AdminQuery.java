package dev.tdb.control.query;

/**
 * A query of the API.
 *
 * @param statement one, and no DDL
 * @param caller the key's id, for the query log
 * @param client the address that asked, for the query log
 */
public record AdminQuery(String blueprint, String statement, String caller, String client) {}
