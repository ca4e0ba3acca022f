package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.spec.Linux;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;

/** What the passes of one compilation share: the request, the problems found, the numbers given out. */
final class Compilation {

    final PlanRequest request;
    final Spec spec;
    final Linux linux;
    final HostFacts facts;
    final List<PlanProblem> problems = new ArrayList<>();

    /** Whom the plan becomes; empty: it is the administrator's. */
    final Optional<Confinement> confinement;

    /** The first process of the container that is entered and whose mounts are not these yet; 0 where one is made. */
    final int visited;

    private int slots;

    Compilation(PlanRequest request) {
        this(request, 0);
    }

    /** For steps of a launcher that enters a container. */
    Compilation(PlanRequest request, int visited) {
        this.visited = visited;
        this.request = request;
        this.confinement = request.confinement();
        this.spec = confinement
                .map(caller -> Confining.effective(request.spec(), caller))
                .orElse(request.spec());
        this.linux = spec.linux();
        this.facts = request.facts();
    }

    /** A number for a descriptor that one step makes and a later one uses; unique in the plan. */
    int slot() {
        return slots++;
    }

    /** Whether the container has, or joins, a user namespace. */
    boolean userNamespace() {
        return linux.namespace(NamespaceType.USER).isPresent();
    }

    /** Whether the plan becomes its caller. */
    boolean confined() {
        return confinement.isPresent();
    }

    /** What asked for a namespace: its entry, or the confined tier, which adds some. */
    Origin origin(NamespaceType type) {
        for (int i = 0; i < linux.namespaces().size(); i++) {
            if (linux.namespaces().get(i).type() == type) {
                return i < request.spec().linux().namespaces().size()
                        ? Draft.field("/linux/namespaces/" + i)
                        : Draft.rule("confined-tier");
            }
        }
        return Draft.field("/linux/namespaces");
    }

    /** Whether the maps are the confined tier's own. */
    boolean mappingsAdded() {
        return request.spec().linux().uidMappings().isEmpty();
    }

    /** Whether init, in its own user or a joined mount namespace, may not see what the host's root sees under a path. */
    boolean seesLess() {
        return visited != 0 || userNamespace() || linux.joins(NamespaceType.MOUNT);
    }

    /** Whether the launcher has the host's rights, and so can make detached mounts. */
    boolean launcherIsRoot() {
        return !confined() && !facts.rootless();
    }

    /** Whether device nodes can be made. */
    boolean canMakeNodes() {
        return !userNamespace() && !facts.rootless();
    }

    String rootPath() {
        return spec.root().map(root -> fromBundle(root.path())).orElse("");
    }

    /** An absolute path for one that counts from the bundle. */
    String fromBundle(String path) {
        return Paths.clean(path.startsWith("/") ? path : request.bundle() + "/" + path);
    }

    void problem(String code, String pointer, Map<String, String> arguments) {
        problems.add(new PlanProblem(code, pointer, arguments));
    }

    void problem(String code, String pointer) {
        problem(code, pointer, Map.of());
    }

    void unsupported(String pointer) {
        problem("unsupported", pointer);
    }
}
