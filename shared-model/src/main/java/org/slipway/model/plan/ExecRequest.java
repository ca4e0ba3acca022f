package org.slipway.model.plan;

import java.util.List;
import java.util.Set;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Owned;

/**
 * All that the plans of a further process depend on.
 *
 * @param spec the configuration that the container was made from, with what is executed now as its {@code process}
 * @param bundle the container's
 * @param name the container's
 * @param made the container's plans, as they are recorded
 * @param stateDirectory the process's own: absolute, to be made
 * @param streams where its standard streams lead; a terminal that it asks for takes their place
 * @param preserve how many descriptors from 3 on are handed to it
 * @param umask the caller's, kept when the process names none
 * @param container as it is now
 * @param cgroups {@code PATH} below each of the container's cgroups, or {@code CONTROLLER,…:PATH} for those hierarchies of version 1
 * @param spawner whose child the process is
 */
public record ExecRequest(
        Spec spec,
        String bundle,
        Owned name,
        Compiled.Ready made,
        String stateDirectory,
        HostFacts facts,
        KeeperOp.Streams streams,
        int preserve,
        int umask,
        SeccompCompiler seccomp,
        Living container,
        List<String> cgroups,
        Spawner spawner) {

    public ExecRequest {
        cgroups = List.copyOf(cgroups);
    }

    /** The same as a keeper's child. */
    public ExecRequest(
            Spec spec,
            String bundle,
            Owned name,
            Compiled.Ready made,
            String stateDirectory,
            HostFacts facts,
            KeeperOp.Streams streams,
            int preserve,
            int umask,
            SeccompCompiler seccomp,
            Living container,
            List<String> cgroups) {
        this(
                spec,
                bundle,
                name,
                made,
                stateDirectory,
                facts,
                streams,
                preserve,
                umask,
                seccomp,
                container,
                cgroups,
                Spawner.KEEPER);
    }

    /**
     * The container's first process.
     *
     * @param startTime in clock ticks since boot: with the pid it names one process for ever
     * @param namespaces those in which it is not where the runtime is
     * @param cgroups a directory in each hierarchy, in the order of {@link Compiled.Ready#cgroups}: that of the container, or, where
     *     processes can't be in that one, the one below it in which the first process is
     */
    public record Living(int pid, long startTime, Set<NamespaceType> namespaces, List<String> cgroups) {
        public Living {
            namespaces = Set.copyOf(namespaces);
            cgroups = List.copyOf(cgroups);
        }
    }
}
