package org.slipway.model.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A whole configuration (config.md), apart from the sections of other platforms.
 *
 * @param ociVersion the version that it names
 * @param linux what Linux adds; {@link Linux#NONE} when absent
 * @param lifecycle what its version says about its life
 */
public record Spec(
        String ociVersion,
        Optional<Process> process,
        Optional<Root> root,
        Optional<String> hostname,
        Optional<String> domainname,
        List<Mount> mounts,
        Hooks hooks,
        Map<String, String> annotations,
        Linux linux,
        Lifecycle lifecycle) {

    /** The same with another Linux section. */
    public Spec with(Linux linux) {
        return new Spec(ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux, lifecycle);
    }

    /** The same, by the rules of a version of its own. */
    public Spec of(String version, Lifecycle rules) {
        return new Spec(version, process, root, hostname, domainname, mounts, hooks, annotations, linux, rules);
    }

    /**
     * Reads a configuration in the shape of release 1.3.
     *
     * @throws IllegalArgumentException naming the JSON pointer, when a member has not the shape that the specification gives it
     */
    public static Spec read(ObjectNode config) {
        Member top = new Member("", config);
        String version = top.require("ociVersion").text();
        return new Spec(
                version,
                top.get("process").map(Process::read),
                top.get("root").map(Root::read),
                top.text("hostname"),
                top.text("domainname"),
                top.list("mounts", Mount::read),
                top.get("hooks").map(Hooks::read).orElse(Hooks.NONE),
                top.map("annotations", Member::text),
                top.get("linux").map(Linux::read).orElse(Linux.NONE),
                Lifecycle.NEWEST);
    }
}
