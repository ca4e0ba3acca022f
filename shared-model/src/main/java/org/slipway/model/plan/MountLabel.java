package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.MountOp.LabelMount;
import org.slipway.model.plan.MountOp.MountFilesystem;

/**
 * The SELinux context of the container's mounts (config-linux.md, Mount Label). New filesystems get it as the option {@code context}; a
 * bind keeps the labels of its files, because they are the host's.
 */
final class MountLabel {

    /** Labelled by the policy alone, or shared with the host. */
    private static final Set<String> LABELLED_BY_POLICY =
            Set.of("proc", "sysfs", "cgroup", "cgroup2", "bpf", "securityfs");

    /** Takes no option, but an extended attribute on its root. */
    private static final String BY_ATTRIBUTE = "mqueue";

    private MountLabel() {}

    /** The steps with the label of the configuration, if it names one. */
    static List<Draft> apply(Compilation c, List<Draft> mounts) {
        Optional<String> label = c.linux.mountLabel();
        if (label.isEmpty()) {
            return mounts;
        }
        if (!c.facts.security().selinux()) {
            c.problem("selinux-missing", "/linux/mountLabel", Map.of("label", label.get()));
            return mounts;
        }
        List<Draft> labelled = new ArrayList<>();
        for (Draft draft : mounts) {
            if (!(draft.op() instanceof MountFilesystem mount) || LABELLED_BY_POLICY.contains(mount.type())) {
                labelled.add(draft);
            } else if (mount.type().equals(BY_ATTRIBUTE)) {
                labelled.add(draft);
                labelled.add(Draft.init(
                        draft.phase(), Draft.field("/linux/mountLabel"), new LabelMount(mount.target(), label.get())));
            } else {
                labelled.add(new Draft(
                        draft.actor(), draft.phase(), draft.origin(), with(mount, label.get()), draft.undo()));
            }
        }
        return labelled;
    }

    /** An option of the mount's own wins. */
    private static MountFilesystem with(MountFilesystem mount, String label) {
        if (mount.options().stream().anyMatch(option -> option.startsWith("context="))) {
            return mount;
        }
        List<String> options = new ArrayList<>(mount.options());
        options.add("context=" + label);
        return new MountFilesystem(
                mount.type(), mount.source(), mount.target(), mount.attributes(), options, mount.propagation());
    }
}
