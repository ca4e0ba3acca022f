package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * All that a plan depends on.
 *
 * @param bundle absolute path, without a slash at its end
 * @param stateDirectory absolute path that create will make
 * @param streams where the standard streams lead; a terminal that the configuration asks for takes their place
 * @param preserve how many descriptors from 3 on are handed to the program
 * @param noPivot whether the root is moved and entered by chroot, where it can't be pivoted to (an initramfs)
 * @param noNewKeyring whether the caller's session keyring stays
 * @param umask the caller's, kept when the configuration names none
 * @param manager who makes the cgroup
 * @param spawner whose child init is
 * @param activation what the program is told of its first preserved descriptors, as in sd_listen_fds(3): variables of its environment
 * @param confinement whom the plan becomes; empty: it is the administrator's
 */
public record PlanRequest(
        Spec spec,
        String bundle,
        Owned name,
        String stateDirectory,
        HostFacts facts,
        KeeperOp.Streams streams,
        int preserve,
        boolean noPivot,
        boolean noNewKeyring,
        int umask,
        SeccompCompiler seccomp,
        CgroupManager manager,
        Spawner spawner,
        List<String> activation,
        Optional<Confinement> confinement) {

    public PlanRequest {
        activation = List.copyOf(activation);
    }

    /** A plan of the administrator's. */
    public PlanRequest(
            Spec spec,
            String bundle,
            Owned name,
            String stateDirectory,
            HostFacts facts,
            KeeperOp.Streams streams,
            int preserve,
            boolean noPivot,
            boolean noNewKeyring,
            int umask,
            SeccompCompiler seccomp,
            CgroupManager manager) {
        this(
                spec,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                manager,
                Spawner.KEEPER,
                List.of(),
                Optional.empty());
    }

    /** The same plan for somebody without rights over the machine: whoever asked for what, its cgroup lies below their node. */
    public PlanRequest confinedTo(Confinement caller) {
        return new PlanRequest(
                spec,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                CgroupManager.CGROUPFS,
                spawner,
                activation,
                Optional.of(caller));
    }

    /** The same plan of another configuration. */
    public PlanRequest of(Spec other) {
        return new PlanRequest(
                other,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                manager,
                spawner,
                activation,
                confinement);
    }

    /** The same plan with another manager of cgroups. */
    public PlanRequest managedBy(CgroupManager other) {
        return new PlanRequest(
                spec,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                other,
                spawner,
                activation,
                confinement);
    }

    /** The same plan with another parent of init. */
    public PlanRequest spawnedBy(Spawner other) {
        return new PlanRequest(
                spec,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                manager,
                other,
                activation,
                confinement);
    }

    /** The same plan for a program that is told of activated descriptors. */
    public PlanRequest activatedBy(List<String> variables) {
        return new PlanRequest(
                spec,
                bundle,
                name,
                stateDirectory,
                facts,
                streams,
                preserve,
                noPivot,
                noNewKeyring,
                umask,
                seccomp,
                manager,
                spawner,
                variables,
                confinement);
    }

    /** For a plan that is only shown: root's container, made by nobody. */
    public static PlanRequest explain(Spec spec, String bundle, String id, HostFacts facts) {
        return explain(spec, bundle, new Owned(0, new ContainerId(id)), facts);
    }

    /** For a plan that is only shown, of a container that would have that name. */
    public static PlanRequest explain(Spec spec, String bundle, Owned name, HostFacts facts) {
        return explain(spec, bundle, name, "/run/slipway", facts);
    }

    /** The same, made by a helper that keeps its state in a directory of its own. */
    public static PlanRequest explain(Spec spec, String bundle, Owned name, String root, HostFacts facts) {
        return new PlanRequest(
                spec,
                bundle,
                name,
                root + "/" + name,
                facts,
                KeeperOp.Streams.LOG,
                0,
                false,
                false,
                0022,
                SeccompCompiler.NONE,
                CgroupManager.CGROUPFS);
    }
}
