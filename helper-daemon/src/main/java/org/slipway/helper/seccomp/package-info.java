/** System call filters: from the configuration's rules to the kernel's program, by libseccomp. */
@NullMarked
package org.slipway.helper.seccomp;

import org.jspecify.annotations.NullMarked;
