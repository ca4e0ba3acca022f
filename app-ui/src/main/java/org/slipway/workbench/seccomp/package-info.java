/** The calls of a seccomp filter, one line each: which action each gets, and how that differs from a preset. */
@NullMarked
package org.slipway.workbench.seccomp;

import org.jspecify.annotations.NullMarked;
