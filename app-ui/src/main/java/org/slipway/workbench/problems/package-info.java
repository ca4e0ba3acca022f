/** Every finding, with a sentence and a way to its place. */
@NullMarked
package org.slipway.workbench.problems;

import org.jspecify.annotations.NullMarked;
