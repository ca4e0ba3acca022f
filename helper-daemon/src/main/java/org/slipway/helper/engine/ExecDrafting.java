package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.Proc;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.ExecPlanner;
import org.slipway.model.plan.ExecRequest;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanProblem;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.plan.Spawner;
import org.slipway.model.profile.Reading;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.node.ObjectNode;

/** From what is to be executed to plans, or to all that stands against it. Touches nothing. */
final class ExecDrafting {

    private static final Map<String, NamespaceType> TYPES = Map.of(
            "cgroup", NamespaceType.CGROUP,
            "ipc", NamespaceType.IPC,
            "mnt", NamespaceType.MOUNT,
            "net", NamespaceType.NETWORK,
            "pid", NamespaceType.PID,
            "time", NamespaceType.TIME,
            "user", NamespaceType.USER,
            "uts", NamespaceType.UTS);

    private static final Map<String, Long> OWN = Proc.ownNamespaces();

    private ExecDrafting() {}

    /**
     * What an execution became.
     *
     * @param process the text of its {@code process} object, as it is recorded
     * @param doubts warnings: what is left out, or likely meant otherwise
     */
    record Draft(Blob process, Compiled.Ready plans, List<Finding> doubts) {}

    static Draft of(
            Container container,
            Execution asked,
            String stateDirectory,
            ExecRequest.Living living,
            HostFacts facts,
            SeccompCompiler seccomp)
            throws Failure {
        Reading recorded = recorded(container);
        ObjectNode whole = asked.process().in(recorded.upgraded().tree());
        Document.Parsed parsed = Configurations.parse(whole.toString().getBytes(StandardCharsets.UTF_8));
        if (parsed instanceof Document.Broken broken) {
            throw Failure.refused(List.of(Rules.unreadable(broken)));
        }
        Document document = ((Document.Good) parsed).document();
        List<Finding> findings = Rules.check(document, recorded.profile().strictness());
        if (Rules.refused(findings)) {
            throw Failure.refused(findings);
        }
        Spec old = recorded.spec();
        ExecRequest request = new ExecRequest(
                Spec.read(document.tree()).of(old.ociVersion(), old.lifecycle()),
                container.subject().entry().bundle(),
                container.name(),
                container.subject().plans(),
                stateDirectory,
                facts,
                Drafting.streams(asked.streams()),
                asked.preserved().size(),
                asked.umask(),
                seccomp,
                living,
                asked.cgroups(),
                asked.spawner().isPresent() ? Spawner.CALLER : Spawner.KEEPER);
        Compiled compiled = ExecPlanner.compile(request);
        if (!(compiled instanceof Compiled.Ready ready)) {
            throw Failure.refused(findings(document, Severity.ERROR, compiled.problems()));
        }
        return new Draft(
                Blob.of(String.valueOf(whole.get("process")).getBytes(StandardCharsets.UTF_8)),
                ready,
                doubts(findings, findings(document, Severity.WARNING, ExecPlanner.doubts(request))));
    }

    /** Of the text only what is about the process: create has told the rest. */
    private static List<Finding> doubts(List<Finding> text, List<Finding> machine) {
        return Stream.concat(
                        text.stream().filter(finding -> finding.pointer().startsWith("/process/")), machine.stream())
                .toList();
    }

    /** By the rules that the container was made by. */
    private static Reading recorded(Container container) throws Failure {
        if (Configurations.parse(container.subject().config()) instanceof Document.Good good) {
            return Reading.of(
                    good.document(), Optional.of(container.subject().entry().rules()));
        }
        throw Failure.host("record-unreadable", Map.of("text", "config.json"), null);
    }

    private static List<Finding> findings(Document document, Severity severity, List<PlanProblem> problems) {
        return problems.stream()
                .map(problem ->
                        Rules.finding(document, severity, problem.code(), problem.pointer(), problem.arguments()))
                .toList();
    }

    /** The container as it is now; empty when its first process has ended. */
    static Optional<ExecRequest.Living> living(Container container) {
        Optional<Proc> init = container.body().init();
        Map<String, Long> theirs = init.map(Proc::namespaces).orElse(Map.of());
        if (theirs.isEmpty()) {
            return Optional.empty();
        }
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        TYPES.forEach((file, type) -> {
            if (theirs.containsKey(file) && !theirs.get(file).equals(OWN.get(file))) {
                types.add(type);
            }
        });
        List<String> cgroups = new ArrayList<>();
        for (String directory : container.subject().plans().cgroups()) {
            cgroups.add(entrance(directory, init.orElseThrow().pid()));
        }
        return Optional.of(new ExecRequest.Living(
                init.orElseThrow().pid(), init.orElseThrow().identity().startTime(), types, cgroups));
    }

    /** On v2 no process can be in a group that hands controllers on: then that below it in which the first process is. */
    private static String entrance(String directory, int pid) {
        try {
            Path handed = Path.of(directory, "cgroup.subtree_control");
            if (!Files.exists(handed) || Files.readString(handed).isBlank()) {
                return directory;
            }
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
                int below = line.startsWith("0::") ? line.indexOf(tail(directory) + "/") : -1;
                if (below >= 0 && !line.contains("/..")) {
                    return directory + line.substring(below + tail(directory).length());
                }
            }
        } catch (IOException e) {
            // gone meanwhile: what enters says so
        }
        return directory;
    }

    /** The group's path, which in /proc counts from the root of the hierarchy: the last parts will do, since ours are our own. */
    private static String tail(String directory) {
        Path path = Path.of(directory);
        return "/" + path.subpath(Math.max(0, path.getNameCount() - 2), path.getNameCount());
    }
}
