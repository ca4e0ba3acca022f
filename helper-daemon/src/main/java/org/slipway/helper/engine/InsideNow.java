package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.run.Look;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.Tools;
import org.slipway.model.plan.ExecRequest;
import org.slipway.model.plan.Inside;
import org.slipway.model.plan.NamespaceOp;
import org.slipway.model.spec.NamespaceType;

/** A container's inside as the kernel tells it now. */
final class InsideNow implements Inside {

    private static final Logger LOG = LoggerFactory.getLogger(InsideNow.class);

    /** Those that kernel parameters belong to. */
    private static final Set<NamespaceType> LOOKED_INTO =
            Set.of(NamespaceType.NETWORK, NamespaceType.IPC, NamespaceType.UTS, NamespaceType.USER);

    private final Tools tools;
    private final Optional<Proc> init;
    private final Optional<ExecRequest.Living> living;

    InsideNow(Tools tools, Container container) {
        this.tools = tools;
        this.init = container.body().init();
        this.living = ExecDrafting.living(container);
    }

    @Override
    public Optional<ExecRequest.Living> living() {
        return living;
    }

    @Override
    public Optional<String> parameter(String path) {
        if (living.isEmpty() || init.isEmpty()) {
            return Optional.empty();
        }
        long namespaces = living.get().namespaces().stream()
                .filter(LOOKED_INTO::contains)
                .mapToLong(InsideNow::flag)
                .reduce(0, (left, right) -> left | right);
        try {
            return Look.at(tools, init.get(), namespaces, path);
        } catch (IOException e) {
            LOG.debug("/proc/sys/{} can't be read inside: {}", path, e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static long flag(NamespaceType type) {
        return switch (type) {
            case NETWORK -> NamespaceOp.NEWNET;
            case IPC -> NamespaceOp.NEWIPC;
            case UTS -> NamespaceOp.NEWUTS;
            case USER -> NamespaceOp.NEWUSER;
            default -> 0;
        };
    }

    @Override
    public String mounts() {
        try {
            return init.isEmpty()
                    ? ""
                    : Files.readString(
                            Path.of("/proc/" + init.get().pid() + "/mountinfo"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
