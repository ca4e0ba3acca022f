/** What other runtimes do with a member of the configuration: a dated table, corrected by what is installed here. */
@NullMarked
package org.slipway.workbench.portability;

import org.jspecify.annotations.NullMarked;
