package org.slipway.workbench.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;

class LoreTest {

    @TempDir
    private Path folder;

    private static Field field(FormModel form, String pointer) {
        return form.sections().stream()
                .flatMap(section -> section.fields().stream())
                .filter(field -> field.pointer().equals(pointer))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyMemberHasASentenceASectionAndItsDefaultIsSaid() {
        for (Member member : SpecTable.get().all()) {
            Lore lore = Lore.of(member.pattern().replace("*", "0")).orElseThrow();
            assertTrue(lore.sentence().endsWith("."), member.pattern());
            assertTrue(lore.sentence().length() > 8, member.pattern() + ": " + lore.sentence());
            assertTrue(lore.section().startsWith("config"), member.pattern());
            assertTrue(lore.facts().stream().anyMatch(fact -> fact.contains("efault")), member.pattern());
        }
        assertTrue(Lore.of("/x-mine").isEmpty());
        assertTrue(Lore.of("").isEmpty());
    }

    @Test
    void unitDefaultAndWordsAreAmongTheFacts() {
        List<String> facts =
                Lore.of("/linux/seccomp/syscalls/0/errnoRet").orElseThrow().facts();
        assertEquals(List.of("uint32, optional", "Default: 1"), facts);
        facts = Lore.of("/linux/resources/memory/limit").orElseThrow().facts();
        assertTrue(facts.contains("Counted in bytes."), facts.toString());
        facts = Lore.of("/linux/namespaces/0/type").orElseThrow().facts();
        assertTrue(facts.getLast().startsWith("One of pid, network"), facts.toString());
    }

    @Test
    void aValueThatIsNotTheDefaultIsMarkedAndGoesBackToIt() throws IOException {
        Session session = Bundles.open(folder, Bundles.SMALL);
        FormModel form = new FormModel(session);
        Field uid = field(form, "/process/user/uid");
        assertFalse(uid.differs().get(), "0 is the default");
        ((ValueField) uid).text().set("7");
        assertTrue(uid.differs().get());
        uid.reset();
        assertEquals(Bundles.SMALL, session.text().get(), "what must be there gets its default");
        Field hostname = field(form, "/hostname");
        assertTrue(hostname.differs().get());
        hostname.reset();
        assertTrue(session.document().get().at("/hostname").isEmpty());
        assertFalse(hostname.differs().get());
        session.undo();
        assertEquals(Bundles.SMALL, session.text().get());
        assertFalse(field(form, "/process/args").differs().get(), "what must be there and has no default can't differ");
        assertFalse(field(form, "/process/terminal").differs().get());
    }
}
