/** The fields that people change first, beside the source and always in step with it. */
@NullMarked
package org.slipway.workbench.form;

import org.jspecify.annotations.NullMarked;
