package org.slipway.model.json;

import tools.jackson.databind.JsonNode;

/**
 * One change of a document, as a value: findings carry them as fixes and the editor keeps them for undo. A place that
 * the document does not have is a {@link NoSuchPlaceException}.
 */
public sealed interface Edit {

    /** What the edit does to the text. */
    TextChange change(Document document);

    /** The document after the edit. */
    default Document apply(Document document) {
        return document.changed(change(document));
    }

    /**
     * Gives a member or element a value. Missing objects on the way are made (an array where the next name is
     * {@code 0} or {@code -}); an index equal to the array's size, or {@code -}, appends.
     */
    record Set(String pointer, JsonNode value) implements Edit {
        @Override
        public TextChange change(Document document) {
            return new Changes(document).set(pointer, value);
        }
    }

    /** Takes a member or element away, with its comma and its line. */
    record Remove(String pointer) implements Edit {
        @Override
        public TextChange change(Document document) {
            return new Changes(document).remove(pointer);
        }
    }

    /**
     * Puts an element before the one that has that index now.
     *
     * @param index 0 to the array's size
     */
    record Insert(String array, int index, JsonNode value) implements Edit {
        @Override
        public TextChange change(Document document) {
            return new Changes(document).insert(array, index, value);
        }
    }

    /** Gives a member another name, in its place; the new name must not be taken. */
    record Rename(String pointer, String name) implements Edit {
        @Override
        public TextChange change(Document document) {
            return new Changes(document).rename(pointer, name);
        }
    }

    /** Moves an element so that it has index {@code to} afterwards. */
    record Move(String array, int from, int to) implements Edit {
        @Override
        public TextChange change(Document document) {
            return new Changes(document).move(array, from, to);
        }
    }
}
