-- A server holds a database name once, whatever project it belongs to.
CREATE UNIQUE INDEX routes_name_on_server ON routes (host, port, database_name);
