/** Versions of blueprints on their way to tenants. */
@NullMarked
package dev.tdb.control.deployment;

import org.jspecify.annotations.NullMarked;
