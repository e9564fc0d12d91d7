/** Projects: who owns blueprints, tenants and keys. */
@NullMarked
package dev.tdb.control.project;

import org.jspecify.annotations.NullMarked;
