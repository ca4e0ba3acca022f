/** What is wrong or doubtful in a configuration, judged from its text alone: all at once, each with its place. */
@NullMarked
package org.slipway.model.finding;

import org.jspecify.annotations.NullMarked;
