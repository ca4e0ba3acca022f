/** The JSON text itself, coloured, numbered, with findings underlined. */
@NullMarked
package org.slipway.workbench.source;

import org.jspecify.annotations.NullMarked;
