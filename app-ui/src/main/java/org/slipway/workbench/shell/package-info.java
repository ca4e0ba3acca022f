/** The main window: menus, panes, status bar, light and dark. */
@NullMarked
package org.slipway.workbench.shell;

import org.jspecify.annotations.NullMarked;
