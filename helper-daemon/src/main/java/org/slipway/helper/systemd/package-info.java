/** Systemd as the manager of control groups, by its D-Bus interface (org.freedesktop.systemd1(5)). */
@NullMarked
package org.slipway.helper.systemd;

import org.jspecify.annotations.NullMarked;
