/**
 * What is on disk about a container: one directory below the state directory, whose creation reserves the id.
 *
 * <pre>
 * OWNER/ID/state.json    the record: written to a temporary and renamed
 *          config.json   as it was created from
 *          plan          the plans of create and start, written before the first deed: the undo list
 *          trace.jsonl   what became of the helper's own steps
 *          page          what became of the others' (docs/protocols.md)
 *          gate started keeper.sock log hooks exit.json    the keeper's
 * </pre>
 */
@NullMarked
package org.slipway.helper.store;

import org.jspecify.annotations.NullMarked;
