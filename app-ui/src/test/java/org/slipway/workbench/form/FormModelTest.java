package org.slipway.workbench.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Finding;
import org.slipway.model.test.Requirement;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.disk.Rootfs;
import tools.jackson.databind.JsonNode;

class FormModelTest {

    @TempDir
    private Path folder;

    private Session session;
    private FormModel form;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder, Bundles.SMALL);
        form = new FormModel(session);
    }

    private <T extends Field> T field(Class<T> type, String key) {
        return form.sections().stream()
                .flatMap(section -> section.fields().stream())
                .filter(field -> field.key().equals(key))
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private String at(String pointer) {
        return session.document().get().at(pointer).map(JsonNode::toString).orElse("absent");
    }

    @Test
    void textThatMeansNoNumberStaysInTheFieldAndOutOfTheDocument() {
        ValueField uid = field(ValueField.class, "uid");
        uid.text().set("12x");
        assertFalse(uid.understood().get());
        assertEquals(Bundles.SMALL, session.text().get());
        uid.text().set("12");
        assertTrue(uid.understood().get());
        assertEquals("12", at("/process/user/uid"));
    }

    @Test
    void sizesAreHumanAndWhatIsTypedStaysAsTyped() {
        ValueField memory = field(ValueField.class, "memory");
        assertEquals("64 MiB", memory.text().get());
        memory.text().set("1048576");
        assertEquals("1048576", memory.text().get(), "not rewritten to 1 MiB below the caret");
        assertEquals("1048576", at("/linux/resources/memory/limit"));
        memory.text().set("");
        assertEquals("absent", at("/linux/resources/memory/limit"));
    }

    @Test
    void theFormFollowsTheSourceAndRowsKeepTheirFields() {
        RowsField args = field(RowsField.class, "args");
        ValueField second = args.rows().get(1).cells().getFirst();
        session.type(Bundles.SMALL.replace("\"echo hi\"", "\"echo hi\", \"more\""));
        assertEquals(4, args.rows().size());
        assertSame(second, args.rows().get(1).cells().getFirst());
        assertEquals("more", args.rows().get(3).cells().getFirst().text().get());
    }

    @Test
    void rowsAreAddedMovedAndRemoved() {
        RowsField args = field(RowsField.class, "args");
        args.add();
        args.rows().get(3).cells().getFirst().text().set("last");
        args.move(3, -1);
        args.remove(0);
        assertEquals("[\"-c\",\"last\",\"echo hi\"]", at("/process/args"));
        args.move(0, -1);
        assertEquals("[\"-c\",\"last\",\"echo hi\"]", at("/process/args"), "there is no place above the first");
    }

    @Test
    void aHookCanBeAddedWhereThereWereNone() {
        RowsField poststop = field(RowsField.class, "hook-poststop");
        poststop.add();
        poststop.rows().getFirst().cells().get(2).text().set("sh -c \"echo a b\"");
        assertEquals("[\"sh\",\"-c\",\"echo a b\"]", at("/hooks/poststop/0/args"));
    }

    @Test
    void namespacesAreChosen() {
        NamespacesField namespaces = field(NamespacesField.class, "namespaces");
        NamespacesField.Kind uts = namespaces.kinds().get(4);
        assertEquals(NamespacesField.Choice.NEW, uts.choice().get());
        uts.choice().set(NamespacesField.Choice.JOIN);
        uts.path().set("/proc/7/ns/uts");
        assertEquals("{\"type\":\"uts\",\"path\":\"/proc/7/ns/uts\"}", at("/linux/namespaces/1"));
        uts.choice().set(NamespacesField.Choice.HOST);
        assertEquals("[{\"type\":\"pid\"},{\"type\":\"mount\"}]", at("/linux/namespaces"));
    }

    @Test
    void membersOfAMapAreAddedRenamedInPlaceAndRemoved() {
        RowsField annotations = field(RowsField.class, "annotations");
        annotations.add();
        annotations.add();
        assertEquals("{\"org.example.key\":\"value\",\"org.example.key-2\":\"value\"}", at("/annotations"));
        annotations.rename(0, "org.example.key-2");
        assertEquals("org.example.key", annotations.rows().getFirst().name(), "a name that is taken changes nothing");
        annotations.rename(0, "a/b~c");
        assertEquals("{\"a/b~c\":\"value\",\"org.example.key-2\":\"value\"}", at("/annotations"));
        annotations.rows().getFirst().cells().getFirst().text().set("other");
        annotations.remove(1);
        assertEquals("{\"a/b~c\":\"other\"}", at("/annotations"));
    }

    @Test
    void aHooksEnvironmentAndTimeoutAreEdited() {
        RowsField hooks = field(RowsField.class, "hook-createRuntime");
        hooks.add();
        List<ValueField> cells = hooks.rows().getFirst().cells();
        cells.get(1).text().set("5");
        cells.get(3).text().set("A=1 \"B=two words\"");
        assertEquals(
                "{\"path\":\"/bin/true\",\"args\":[\"true\"],\"timeout\":5,\"env\":[\"A=1\",\"B=two words\"]}",
                at("/hooks/createRuntime/0"));
    }

    @Test
    void capabilitiesAreAMatrix() {
        CapabilitiesField capabilities = field(CapabilitiesField.class, "capabilities");
        capabilities.cell("CAP_KILL", "bounding").set(true);
        capabilities.cell("CAP_CHOWN", "bounding").set(true);
        assertEquals("[\"CAP_KILL\",\"CAP_CHOWN\"]", at("/process/capabilities/bounding"));
        assertEquals(2, capabilities.count("bounding"));
        capabilities.cell("CAP_KILL", "bounding").set(false);
        assertEquals("[\"CAP_CHOWN\"]", at("/process/capabilities/bounding"));
        session.undo();
        assertTrue(capabilities.cell("CAP_KILL", "bounding").get(), "undo shows in the matrix too");
        assertFalse(capabilities.cell("CAP_KILL", "ambient").get());
    }

    @Test
    void aMemberThatIsSetCanBeTakenBackToItsDefault() {
        ValueField hostname = field(ValueField.class, "hostname");
        assertTrue(hostname.present().get());
        hostname.reset();
        assertFalse(hostname.present().get());
        assertEquals("absent", at("/hostname"));
    }

    @Test
    void theFixOfAFindingGoesThroughTheDocumentAndIsUndone() {
        session.type(Bundles.SMALL.replace("\"cwd\": \"/\"", "\"cwd\": \"tmp\""));
        String before = session.text().get();
        Field broken = form.sections().stream()
                .flatMap(section -> section.fields().stream())
                .filter(each -> each.findings().get().stream()
                        .anyMatch(finding -> finding.fix().isPresent()))
                .findFirst()
                .orElseThrow();
        Finding finding = broken.findings().get().stream()
                .filter(each -> each.fix().isPresent())
                .findFirst()
                .orElseThrow();
        broken.fix(finding);
        assertFalse(session.findings().get().contains(finding));
        session.undo();
        assertEquals(before, session.text().get());
    }

    @Test
    @Requirement("WB-03")
    void aBadValueShowsItsFindingAtTheField() {
        ValueField cwd = field(ValueField.class, "cwd");
        assertTrue(cwd.findings().get().isEmpty());
        cwd.text().set("tmp");
        assertEquals("/process/cwd", cwd.findings().get().getFirst().pointer());
        cwd.text().set("/tmp");
        assertTrue(cwd.findings().get().isEmpty());
    }

    @Test
    void aValueOfAnotherShapeIsLeftToTheSource() {
        session.type(Bundles.SMALL.replace("\"hostname\": \"one\"", "\"hostname\": [1]"));
        ValueField hostname = field(ValueField.class, "hostname");
        assertFalse(hostname.editable().get());
        assertEquals("[1]", hostname.text().get());
        assertEquals("[1]", at("/hostname"));
    }

    @Test
    void aLineFeedInAnArgumentSurvivesTheForm() {
        session.type(Bundles.SMALL.replace("echo hi", "echo hi\\necho ho"));
        ValueField script = field(RowsField.class, "args").rows().get(2).cells().getFirst();
        assertEquals("echo hi↵echo ho", script.text().get());
        script.text().set("echo hi↵echo hu");
        assertEquals(
                Optional.of("echo hi\necho hu"),
                session.document().get().at("/process/args/2").map(JsonNode::asString));
    }

    @Test
    void aUserIsChosenByNameFromTheRootFilesystem() throws IOException {
        List<Rootfs.Person> people = new ArrayList<>();
        PeopleModel model = new PeopleModel(session);
        model.read(people::addAll);
        assertEquals(List.of(), people);
        Files.createDirectories(folder.resolve("rootfs/etc"));
        Files.writeString(folder.resolve("rootfs/etc/passwd"), "root:x:0:0::/:\nweb:x:33:34::/:\n");
        model.read(people::addAll);
        model.choose(people.getLast());
        assertEquals(
                Bundles.SMALL.replace("{ \"uid\": 0, \"gid\": 0 }", "{ \"uid\": 33, \"gid\": 34 }"),
                session.text().get());
    }
}
