/** The distribution as a person uses it: programs are started, files are read, and nothing of the project's own classes is seen. */
@NullMarked
package org.slipway.packaging;

import org.jspecify.annotations.NullMarked;
