package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.door.Gate;
import org.slipway.helper.door.Subordinates;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.json.Limits;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.Confinement;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Name;

/**
 * What a command works with.
 *
 * @param client who typed it
 * @param helper absent when there is none: the command is then one that needs none
 * @param offline what can be done without containers
 * @param log the file of {@code --log}, if one is named
 * @param manager who makes cgroups
 * @param set the directory given by {@code --root}, when it is not the helper's own: only containers made with the same are seen
 * @param owner of the containers that are named; absent: the caller
 * @param tier that was asked for; absent: what the connection is, or without a helper what the caller is
 */
record Context(
        Client client,
        Optional<Helper> helper,
        Offline offline,
        Optional<Log> log,
        CgroupManager manager,
        Optional<String> set,
        Optional<Root.Tier> tier,
        OptionalInt owner) {

    /** Before the command line is read. */
    Context(Client client, Optional<Helper> helper, Offline offline) {
        this(
                client,
                helper,
                offline,
                Optional.empty(),
                CgroupManager.CGROUPFS,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    /** The same with what the global options say. */
    Context with(
            Optional<Log> file,
            CgroupManager other,
            Optional<String> others,
            Root.@Nullable Tier asked,
            OptionalInt named) {
        return new Context(client, helper, offline, file, other, others, Optional.ofNullable(asked), named);
    }

    /** Says what is doubtful: in the log, or without one on standard error. It is no failure of the command, and neither is its log's. */
    void warn(String sentence) throws IOException {
        try {
            if (log.isPresent()) {
                log.get().warning(sentence);
                return;
            }
        } catch (Client.FileTrouble e) {
            err("slipway: " + Sentences.of(failure("log-unwritable", e)) + "\n");
        }
        err("slipway: warning: " + sentence + "\n");
    }

    /** Says what failed and is no failure of the command. */
    void warn(Failure failure) throws IOException {
        warn(Sentences.of(failure).replace('\n', ' '));
    }

    /**
     * The helper's side of a command.
     *
     * @param gate the containers, as the caller may use them
     * @param frames the client again, as one that can hand over descriptors
     * @param root the helper's runtime directory
     */
    record Helper(Gate gate, FrameClient frames, Reactor reactor, String root) {}

    /** The helper, for a command that is nothing without one. */
    Helper need() throws Failure {
        if (helper.isEmpty()) {
            throw Failure.host("helper-not-running", Map.of("path", "/run/slipway"), null);
        }
        return helper.get();
    }

    /** Whom a plan of the caller's becomes: what the connection is. Without a helper a plan is only looked at: an administrator's, if not asked otherwise. */
    Optional<Confinement> confinement() throws IOException {
        if (helper.isPresent()) {
            return helper.get().gate().peer().caller().confinement();
        }
        if (!tier.equals(Optional.of(Root.Tier.confined))) {
            return Optional.empty();
        }
        int uid = client.uid();
        Subordinates theirs = new Subordinates();
        return Optional.of(Confinement.of(uid, client.gid()).with(theirs.uids(uid), theirs.gids(uid, client.gid())));
    }

    /** The largest configuration that is read for this caller, in bytes. */
    int largest() {
        boolean administrator =
                helper.isEmpty() || helper.get().gate().peer().caller().administrator();
        return administrator ? Configurations.largest() : Math.min(Limits.CONFINED.bytes(), Configurations.largest());
    }

    /** Whose containers are named: the caller's own, or those of who is asked for. */
    int whose() throws Failure {
        return owner.orElse(need().gate().peer().uid());
    }

    /** The full name of a container of the caller's own, or of who is asked for; one of another set is unknown. */
    Owned name(String id) throws Failure {
        if (!sees(id)) {
            throw Failure.state("container-unknown", Map.of("id", id));
        }
        return newName(id);
    }

    /** False for a container of another set; of one that does not exist the command itself says so. */
    boolean sees(String id) throws Failure {
        Owned name = newName(id);
        if (set.isEmpty()) {
            return true;
        }
        try {
            return need().gate().state(name).set().equals(set);
        } catch (Failure e) {
            return true;
        }
    }

    /** The caller's own containers of the set, if one is named. */
    List<ContainerView> list() throws Failure {
        return need().gate().list().stream()
                .filter(view -> set.isEmpty() || view.set().equals(set))
                .toList();
    }

    /** The full name that a container of the caller's own will have. */
    Owned newName(String id) throws Failure {
        Optional<Owned> name = Name.own(id).resolve(whose());
        if (name.isEmpty()) {
            throw Failure.caller("container-id-illegal", Map.of("id", id));
        }
        return name.get();
    }

    void out(String text) throws IOException {
        client.out(text.getBytes(StandardCharsets.UTF_8));
    }

    void err(String text) throws IOException {
        client.err(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file that could not be used, as a failure of the caller's. */
    static Failure failure(String code, Client.FileTrouble trouble) {
        return Failure.caller(code, Map.of("path", trouble.path(), "errno", trouble.errno()));
    }
}
