/**
 * Running a plan: the helper's own steps one after another, the keeper's and init's by barriers, results from the page.
 *
 * <p>The byte formats shared with the native programs stand in {@code docs/protocols.md}. One thread runs one plan; nothing here
 * is shared between containers but the sealed copy of the launcher.
 */
@NullMarked
package org.slipway.helper.run;

import org.jspecify.annotations.NullMarked;
