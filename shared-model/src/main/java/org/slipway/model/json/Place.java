package org.slipway.model.json;

/**
 * Where a value stands in the text. Offsets and columns count UTF-16 units, as {@link String} does.
 *
 * @param start offset of the value's first character
 * @param end offset behind its last one
 * @param keyStart offset of the quotation mark that opens the member's name; for an element the same as {@code start}
 * @param line line of {@code start}, from 1
 * @param column column of {@code start}, from 1
 */
public record Place(int start, int end, int keyStart, int line, int column) {}
