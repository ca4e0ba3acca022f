/**
 * Checking runtimes against the specification, as far as it is deciding: the catalogue of rules, the settings of a run with several
 * servers, who does which case, and how the results are written. Starting runtimes and workers is done elsewhere.
 */
@NullMarked
package org.slipway.model.conformance;

import org.jspecify.annotations.NullMarked;
