/** The conventions every reply keeps: envelope, codes, keys, limits, shapes of what is sent. Knows no resource. */
@NullMarked
package dev.tdb.admin.http;

import org.jspecify.annotations.NullMarked;
