package org.slipway.workbench.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.plan.Capability;
import org.slipway.model.test.Requirement;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.text.Texts;

/** The table of fields against the table of what the specification defines. */
class FieldTableTest {

    private static final Set<Member.Type> CONTAINERS = Set.of(Member.Type.OBJECT, Member.Type.LIST, Member.Type.MAP);

    @TempDir
    private Path folder;

    private FormModel form;

    @BeforeEach
    void open() throws IOException {
        form = new FormModel(Bundles.open(folder, Bundles.SMALL));
    }

    @Test
    @Requirement("WB-03")
    void everyMemberOfTheSpecificationHasItsPlaceInTheForm() {
        List<String> fields = form.patterns().toList();
        List<String> missing = SpecTable.get().all().stream()
                .filter(member -> !CONTAINERS.contains(member.type()))
                .map(Member::pattern)
                .filter(pattern ->
                        fields.stream().noneMatch(field -> pattern.equals(field) || pattern.startsWith(field + "/")))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void everyFieldIsAMemberAndEveryKeyIsItsOwn() {
        Set<String> keys = new HashSet<>();
        for (FormModel.Section section : form.sections()) {
            assertFalse(section.fields().isEmpty(), section.key());
            for (Field field : section.fields()) {
                assertTrue(keys.add(field.key()), "twice: " + field.key());
                assertEquals(field.pointer(), field.member().pattern());
            }
        }
    }

    @Test
    void everyFieldHasItsWords() {
        for (FormModel.Section section : form.sections()) {
            assertTrue(Texts.has("form.section." + section.key()), section.key());
            section.groups()
                    .forEach(group -> assertTrue(
                            group.name().isEmpty() || Texts.has("form.group." + group.name()), group.name()));
            for (Field field : section.fields()) {
                assertTrue(Texts.has("form." + field.key()), field.key());
                assertFalse(field.help().contains("/*"), field.help());
                assertTrue(field.lore().contains("§"), field.lore());
                if (field instanceof RowsField rows && rows.columns().size() > 1) {
                    rows.columns()
                            .forEach(column -> assertTrue(
                                    Texts.has("form.column." + column.member()), field.key() + " " + column.member()));
                }
            }
        }
        Capability.NAMES.forEach(name -> assertTrue(Texts.has("capability." + name), name));
        for (Codec codec : Codec.values()) {
            assertTrue(Texts.has("form.expected." + codec.name()), codec.name());
        }
    }

    @Test
    void aMemberIsFoundOnItsPage() {
        assertEquals(
                "limits",
                form.sectionOf("/linux/resources/memory/limit").orElseThrow().key());
        assertEquals(
                "mounts", form.sectionOf("/mounts/2/options/1").orElseThrow().key());
        assertEquals(
                "scheduling", form.sectionOf("/process/scheduler").orElseThrow().key());
        assertEquals("process", form.sectionOf("/process/unknown").orElseThrow().key());
        assertTrue(form.sectionOf("").isEmpty());
    }
}
