/** What the API offers, one class for each thing: which paths it has, what they take, what they answer. */
@NullMarked
package dev.tdb.admin.resource;

import org.jspecify.annotations.NullMarked;
