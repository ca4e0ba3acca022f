/**
 * The words of the task interface, after containerd's at v1.0.0-alpha0 (docs/adr/0017): the status and the errors of a task,
 * and who is told of its beginning and its end. Nothing here asks the helper.
 */
@NullMarked
package org.slipway.model.task;

import org.jspecify.annotations.NullMarked;
