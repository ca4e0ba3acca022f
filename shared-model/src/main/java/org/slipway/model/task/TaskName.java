package org.slipway.model.task;

import org.slipway.model.state.ContainerId;

/**
 * A task's full name among those of one owner; tasks of different namespaces may share an id.
 *
 * @param namespace of the same alphabet as an id
 */
public record TaskName(ContainerId namespace, ContainerId id) {}
