/**
 * Control groups of the host: how they are mounted, and the few deeds that plans do with them. Paths come from plans, which
 * build them by component below a known base.
 */
@NullMarked
package org.slipway.helper.cgroup;

import org.jspecify.annotations.NullMarked;
