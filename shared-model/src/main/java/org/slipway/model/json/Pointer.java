package org.slipway.model.json;

import java.util.ArrayList;
import java.util.List;

/** JSON pointers (RFC 6901) as text: {@code ""} is the document, {@code /mounts/0/type} a member of an element. */
public final class Pointer {

    private Pointer() {}

    /** The pointer of a member or element below another. */
    public static String child(String parent, String name) {
        boolean plain = name.indexOf('~') < 0 && name.indexOf('/') < 0;
        return parent + '/' + (plain ? name : name.replace("~", "~0").replace("/", "~1"));
    }

    /** The pointer of an element below an array. */
    public static String child(String parent, int index) {
        return parent + '/' + index;
    }

    /** The pointer of the object or array that holds it. The document's own pointer has none. */
    public static String parent(String pointer) {
        int slash = pointer.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("the document itself has no parent");
        }
        return pointer.substring(0, slash);
    }

    /** The last name of a pointer, unescaped; empty for the document. */
    public static String name(String pointer) {
        List<String> names = names(pointer);
        return names.isEmpty() ? "" : names.getLast();
    }

    /** The names along a pointer, unescaped. A text that is no pointer is an {@link IllegalArgumentException}. */
    public static List<String> names(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("not a JSON pointer: '" + pointer + "'");
        }
        List<String> names = new ArrayList<>();
        int from = 1;
        while (true) {
            int slash = pointer.indexOf('/', from);
            String name = pointer.substring(from, slash < 0 ? pointer.length() : slash);
            names.add(name.replace("~1", "/").replace("~0", "~"));
            if (slash < 0) {
                return names;
            }
            from = slash + 1;
        }
    }
}
