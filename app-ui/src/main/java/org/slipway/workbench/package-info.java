/** The workbench: a window that edits bundles, shows what will happen to the kernel, and drives the helper. */
@NullMarked
package org.slipway.workbench;

import org.jspecify.annotations.NullMarked;
