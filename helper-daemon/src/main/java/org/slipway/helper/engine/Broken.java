package org.slipway.helper.engine;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.state.Owned;

/** Containers whose record can't be used: what adoption left alone, until it is taken away by force. */
final class Broken {

    private final Engine engine;
    private final List<BrokenView> views = new CopyOnWriteArrayList<>();
    /** Names that are reserved while what is left of them is taken away. */
    private final Set<Owned> clearing = ConcurrentHashMap.newKeySet();

    Broken(Engine engine) {
        this.engine = engine;
    }

    void add(BrokenView view) {
        views.add(view);
    }

    /** Those that the caller may see. */
    List<BrokenView> seen(Caller caller, Optional<Integer> owner) {
        Optional<Integer> wanted = caller.administrator() ? owner : Optional.of(caller.uid());
        return views.stream()
                .filter(view -> wanted.isEmpty() || wanted.get() == view.name().uid())
                .filter(view -> Files.exists(engine.folder(view.name()).path()))
                .toList();
    }

    /** Whether a name is reserved: asked by a create after it has put itself in its place. Of the two that meet, one sees the other. */
    boolean clearing(Owned name) {
        return clearing.contains(name);
    }

    static Failure busy(Owned name) {
        return Failure.state("container-busy", Map.of("id", name.id().value(), "operation", "delete"));
    }

    /**
     * Takes one away, by force and for an administrator: whose it was is not on record.
     *
     * @return false if there is none of that name
     */
    boolean clear(Caller caller, Owned name, boolean force, Consumer<Failure> warnings) throws Failure {
        List<BrokenView> known = seen(caller, Optional.of(name.uid())).stream()
                .filter(view -> view.name().equals(name))
                .toList();
        if (known.isEmpty()) {
            return false;
        }
        if (!force || !caller.administrator()) {
            throw Failure.state(
                    "container-broken",
                    Map.of("id", name.id().value(), "text", known.getFirst().reason()));
        }
        if (!clearing.add(name)) {
            throw busy(name);
        }
        try {
            if (engine.knows(name)) {
                throw busy(name);
            }
            new Remains(engine, name).clear(warnings);
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        } finally {
            if (!Files.exists(engine.folder(name).path())) {
                views.removeAll(known);
            }
            clearing.remove(name);
        }
        return true;
    }
}
