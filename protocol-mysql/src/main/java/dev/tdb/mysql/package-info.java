/** MySQL's and MariaDB's wire protocol. {@link dev.tdb.mysql.MySqlProtocol} is where it plugs in. */
@NullMarked
package dev.tdb.mysql;

import org.jspecify.annotations.NullMarked;
