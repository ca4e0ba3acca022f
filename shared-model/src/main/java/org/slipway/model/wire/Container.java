package org.slipway.model.wire;

import java.util.Optional;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import tools.jackson.databind.node.ObjectNode;

/**
 * One container as it is now.
 *
 * @param owner the owner's user id
 * @param status a word of {@link org.slipway.model.state.Status}
 * @param pid the first process as the helper sees it, while there is one
 * @param bundle the absolute path of the bundle
 * @param created RFC 3339
 * @param state the state object of the specification with this runtime's extra members
 * @param exit how it ended, once it has
 */
public record Container(
        long owner,
        String id,
        String status,
        Optional<Long> pid,
        String bundle,
        String created,
        ObjectNode state,
        Optional<Exit> exit) {

    /** Its full name. */
    public Owned owned() {
        return new Owned((int) owner, new ContainerId(id));
    }
}
