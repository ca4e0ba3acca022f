package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.helper.hook.RuntimeHooks;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Image;
import org.slipway.helper.run.Permits;
import org.slipway.helper.run.Tools;
import org.slipway.model.plan.HostFacts;

/** Makes the tools that plans are run with when they are first needed: a missing launcher is then a failure with a name. */
final class Toolbox implements AutoCloseable {

    private final Path launcher;
    private final HostFacts facts;
    private final Reactor reactor;
    private final Permits permits;
    private Optional<Tools> tools = Optional.empty();

    Toolbox(Path launcher, HostFacts facts, Reactor reactor, Permits permits) {
        this.launcher = launcher;
        this.facts = facts;
        this.reactor = reactor;
        this.permits = permits;
    }

    synchronized Tools tools() throws Failure {
        if (tools.isEmpty()) {
            try {
                Image image = Image.of(launcher);
                RuntimeHooks hooks = new RuntimeHooks(image.path(), hookCgroups());
                hooks.sweep();
                tools = Optional.of(new Tools(image, reactor, hooks, permits));
            } catch (IOException e) {
                throw Failure.host("launcher-missing", Map.of("path", launcher.toString()), e);
            }
        }
        return tools.get();
    }

    /** Where hooks get cgroups of their own: the hierarchy in which a whole group can be killed best. */
    private Optional<String> hookCgroups() {
        Stream<String> candidates = switch (facts.cgroups()) {
            case HostFacts.V2 v2 -> Stream.of(at(v2.mountpoint(), v2.base()));
            case HostFacts.Hybrid hybrid ->
                Stream.of(at(hybrid.unified().mountpoint(), hybrid.unified().base()));
            case HostFacts.V1 v1 ->
                v1.hierarchies().stream()
                        .filter(hierarchy -> hierarchy.controllers().contains("freezer"))
                        .map(hierarchy -> at(hierarchy.mountpoint(), hierarchy.base()));
        };
        return candidates.filter(path -> Files.isWritable(Path.of(path))).findFirst();
    }

    private static String at(String mountpoint, String base) {
        return base.equals("/") ? mountpoint : mountpoint + base;
    }

    @Override
    public synchronized void close() {
        tools.ifPresent(made -> made.image().close());
        tools = Optional.empty();
    }
}
