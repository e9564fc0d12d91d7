/** MySQL and MariaDB as an engine. */
@NullMarked
package dev.tdb.control.mysql;

import org.jspecify.annotations.NullMarked;
