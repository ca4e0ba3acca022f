/** Words: the resource bundle, and values as people write them. */
@NullMarked
package org.slipway.workbench.text;

import org.jspecify.annotations.NullMarked;
