/** What the configuration will do to the kernel, step by step, before anything is done. */
@NullMarked
package org.slipway.workbench.plan;

import org.jspecify.annotations.NullMarked;
