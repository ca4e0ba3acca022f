/** The main path driven through the real window, with pictures and a record that can be checked against the kernel. */
@NullMarked
package org.slipway.workbench.tour;

import org.jspecify.annotations.NullMarked;
