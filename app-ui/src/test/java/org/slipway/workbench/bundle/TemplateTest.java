package org.slipway.workbench.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.model.check.Checked;
import org.slipway.model.json.Document;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.workbench.task.Tasks;

class TemplateTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void eachHasNoFindingAndAPlanThatCreatesAndStartsIt(Template template) throws IOException {
        Path made = SampleBundle.make(folder.resolve("web"), template);
        String config = Files.readString(made.resolve("config.json"));
        Document.Good good = assertInstanceOf(Document.Good.class, Document.parse(config));
        Checked checked = Checked.of(
                good,
                spec -> PlanRequest.explain(
                        spec, made.toString(), new Owned(0, new ContainerId("web")), "/run/slipway", HostFacts.v2()));
        assertEquals(List.of(), checked.findings());
        assertEquals(
                List.of(PlanKind.CREATE, PlanKind.START),
                checked.plans().orElseThrow().all().stream()
                        .map(plan -> plan.kind())
                        .limit(2)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void theProgramOfEachIsInItsRootFilesystem(Template template) throws IOException {
        Path made = SampleBundle.make(folder.resolve("web"), template);
        Document.Good good = (Document.Good) Document.parse(Files.readString(made.resolve("config.json")));
        String program = good.document().at("/process/args/0").orElseThrow().asString();
        Path file = made.resolve("rootfs").resolve(program.startsWith("/") ? program.substring(1) : "bin/" + program);
        assertTrue(Files.isSymbolicLink(file), file.toString());
        assertTrue(Files.isExecutable(file));
        assertTrue(Files.isDirectory(made.resolve("rootfs/proc"), LinkOption.NOFOLLOW_LINKS));
        assertFalse(template.title().isBlank());
        assertFalse(template.about().isBlank());
    }

    @Test
    void theHardenedOneGivesNothing() throws IOException {
        Document.Good good = (Document.Good) Document.parse(Template.HARDENED.config(0, 0));
        for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
            assertEquals(
                    0,
                    good.document()
                            .at("/process/capabilities/" + set)
                            .orElseThrow()
                            .size(),
                    set);
        }
        assertEquals(
                "SCMP_ACT_ERRNO",
                good.document().at("/linux/seccomp/defaultAction").orElseThrow().asString());
        assertTrue(good.document().at("/root/readonly").orElseThrow().asBoolean());
        assertTrue(good.document().at("/process/user/uid").orElseThrow().asInt() != 0);
    }

    @Test
    void theRootlessOneMapsThePersonToRoot() throws IOException {
        Document.Good good = (Document.Good) Document.parse(Template.ROOTLESS.config(1000, 1001));
        assertEquals(
                1000,
                good.document().at("/linux/uidMappings/0/hostID").orElseThrow().asInt());
        assertEquals(
                1001,
                good.document().at("/linux/gidMappings/0/hostID").orElseThrow().asInt());
    }

    @Test
    void whatCanNotBeMadeSaysWhyBeforeItIsTried() throws IOException {
        NewBundleModel model = new NewBundleModel(Tasks.immediate(), folder);
        assertEquals("", model.whyNot().get());
        for (String bad : List.of("", " ", "a/b", ".hidden", "a\0b")) {
            model.name().set(bad);
            assertTrue(model.whyNot().get().contains("name"), bad);
        }
        model.name().set("web");
        Files.createDirectory(folder.resolve("web"));
        model.parent().set(folder + "/");
        assertTrue(model.whyNot().get().contains("already"));
        model.parent().set("relative");
        assertTrue(model.whyNot().get().contains("no folder"));
        model.parent().set(folder.toString());
        model.name().set("shell");
        model.template().set(Template.SHELL);
        List<Path> made = new ArrayList<>();
        model.make(made::add, failure -> {
            throw new AssertionError(failure);
        });
        assertEquals(List.of(folder.resolve("shell")), made);
        assertEquals(Template.SHELL.config(0, 0), Files.readString(folder.resolve("shell/config.json")));
    }
}
