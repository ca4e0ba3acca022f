package org.slipway.model.spec;

/** A range of ids, see user_namespaces(7). */
public record IdMapping(long containerId, long hostId, long size) {

    static IdMapping read(Member mapping) {
        return new IdMapping(
                mapping.require("containerID").u32(),
                mapping.require("hostID").u32(),
                mapping.require("size").u32());
    }

    /** Whether an id of the container lies in this range. */
    public boolean contains(long id) {
        return id >= containerId && id - containerId < size;
    }
}
