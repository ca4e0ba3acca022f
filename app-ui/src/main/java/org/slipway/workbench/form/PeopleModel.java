package org.slipway.workbench.form;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.disk.DiskCheck;
import org.slipway.workbench.disk.Rootfs;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who the program may run as: the people in the root filesystem's {@code /etc/passwd}, read as the person at the window. */
final class PeopleModel {

    private final Session session;

    PeopleModel(Session session) {
        this.session = session;
    }

    /** Reads them away from the window's thread; none if there is no such file. */
    void read(Consumer<List<Rootfs.Person>> done) {
        Document document = session.document().get();
        Optional<Path> folder = session.folder();
        session.tasks()
                .run(
                        () -> folder.flatMap(path -> DiskCheck.rootfs(document, path))
                                .map(Rootfs::people)
                                .orElse(List.of()),
                        done,
                        _ -> done.accept(List.of()));
    }

    /** Makes the program run as one of them, in their group; undo takes both back in one step. */
    void choose(Rootfs.Person person) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        session.edit(List.of(
                new Edit.Set("/process/user/uid", nodes.numberNode(person.uid())),
                new Edit.Set("/process/user/gid", nodes.numberNode(person.gid()))));
    }
}
