package org.slipway.workbench.memory;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The bundles that were opened last, newest first. The file is read anew each time, because other windows write it too. */
public record Recent(StateFolder state) {

    /** How many are kept. */
    public static final int KEPT = 15;

    private static final String FILE = "recent.json";

    /** The folders, newest first; some may be gone meanwhile. */
    public List<Path> bundles() {
        List<Path> bundles = new ArrayList<>();
        JsonNode list = state.read(FILE).map(node -> node.path("bundles")).orElseGet(StateFolder::object);
        for (JsonNode bundle : list) {
            try {
                Path path = Path.of(bundle.asString(""));
                if (path.isAbsolute() && bundles.size() < KEPT) {
                    bundles.add(path);
                }
            } catch (InvalidPathException e) {
                // somebody else wrote this; the rest of the list is still good
            }
        }
        return bundles;
    }

    /** Puts a bundle at the top. */
    public void opened(Path bundle) {
        List<Path> bundles = new ArrayList<>(bundles());
        bundles.remove(bundle);
        bundles.addFirst(bundle);
        write(bundles.subList(0, Math.min(KEPT, bundles.size())));
    }

    /** Empties the list. */
    public void clear() {
        write(List.of());
    }

    private void write(List<Path> bundles) {
        ObjectNode node = StateFolder.object();
        var list = node.putArray("bundles");
        bundles.forEach(bundle -> list.add(bundle.toString()));
        state.write(FILE, node);
    }
}
