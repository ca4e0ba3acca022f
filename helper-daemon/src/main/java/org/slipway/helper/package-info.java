/** The helper as a program: its options, what it is put together from, and its end. */
@NullMarked
package org.slipway.helper;

import org.jspecify.annotations.NullMarked;
