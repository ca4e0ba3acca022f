package org.slipway.workbench.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Place;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;

/** Random edits through the form, on configurations that other tools wrote: what was not edited keeps every byte. */
class RandomEditsTest {

    private static final int RUNS = 6;
    private static final int EDITS = 60;
    private static final List<String> TEXTS =
            List.of("", "7", "0", "64 MiB", "abc", "/some/path", "a \"b\" \\ ü", "1,2", "0x1ff", "ro nosuid", "{");

    @TempDir
    private Path folder;

    private Session session;
    private FormModel form;
    private Random random;

    @ParameterizedTest
    @ValueSource(strings = {"crun-spec", "podman-hardened", "runc-spec", "runc-spec-rootless", "tool-rich"})
    void whatIsNotEditedKeepsEveryByteAndUndoBringsAllBack(String name) throws IOException {
        String original = corpus(name);
        int changed = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            random = new Random(seed);
            session = Bundles.open(folder, original);
            form = new FormModel(session);
            for (int i = 0; i < EDITS; i++) {
                String before = session.text().get();
                edit(name + ", seed " + seed + ", edit " + i);
                changed += before.equals(session.text().get()) ? 0 : 1;
            }
            while (session.canUndo().get()) {
                session.undo();
            }
            assertEquals(original, session.text().get(), name + ", seed " + seed);
        }
        assertTrue(changed > RUNS * EDITS / 4, "only " + changed + " edits changed anything");
    }

    private static String corpus(String name) throws IOException {
        String path = "/corpus/" + name + ".json";
        try (InputStream in = Objects.requireNonNull(SpecTable.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    private void edit(String where) {
        List<Field> fields = form.sections().stream()
                .flatMap(section -> section.fields().stream())
                .toList();
        Field field = fields.get(random.nextInt(fields.size()));
        Document before = session.document().get();
        switch (field) {
            case ValueField value -> {
                value.text().set(TEXTS.get(random.nextInt(TEXTS.size())));
                keeps(before, field.pointer(), where);
            }
            case FlagField flag -> {
                flag.on().set(!flag.on().get());
                keeps(before, field.pointer(), where);
            }
            case RowsField rows -> rows(rows, before, where + " of " + rows.key());
            case NamespacesField _, CapabilitiesField _ -> {
                field.reset();
                keeps(before, field.pointer(), where);
            }
        }
    }

    private void rows(RowsField field, Document before, String where) {
        List<String> elements = elements(before, field);
        int at = elements.isEmpty() ? 0 : random.nextInt(elements.size());
        int deed = elements.isEmpty() ? 0 : random.nextInt(4);
        if (deed == 3) {
            List<ValueField> cells = field.rows().get(at).cells();
            ValueField cell = cells.get(random.nextInt(cells.size()));
            cell.text().set(TEXTS.get(random.nextInt(TEXTS.size())));
            keeps(before, cell.pointer(), where);
            return;
        }
        if (deed == 0) {
            field.add();
        } else if (deed == 1) {
            field.remove(at);
            elements.remove(at);
        } else if (!field.isMap() && at > 0) {
            field.move(at, -1);
            Collections.swap(elements, at, at - 1);
        }
        keeps(before, field.pointer(), where);
        List<String> after = elements(session.document().get(), field);
        assertEquals(elements, after.subList(0, elements.size()), where);
    }

    /** The elements as they stand in the text, byte for byte. */
    private static List<String> elements(Document document, RowsField field) {
        List<String> elements = new ArrayList<>();
        field.rows().forEach(row -> elements.add(bytes(document, row.pointer())));
        return elements;
    }

    private static String bytes(Document document, String pointer) {
        Place place = document.place(pointer).orElseThrow();
        return document.text().substring(place.start(), place.end());
    }

    /** Outside what holds the edited member nothing changed, and what stands beside it there has its bytes. */
    private void keeps(Document before, String pointer, String where) {
        assertTrue(session.broken().get().isEmpty(), where);
        Document after = session.document().get();
        String holder = pointer.substring(0, pointer.lastIndexOf('/'));
        while (before.place(holder).isEmpty()) {
            holder = holder.substring(0, holder.lastIndexOf('/'));
        }
        Place held = before.place(holder).orElseThrow();
        assertTrue(after.text().startsWith(before.text().substring(0, held.start())), where + " before " + holder);
        assertTrue(after.text().endsWith(before.text().substring(held.end())), where + " after " + holder);
        for (String beside : children(before, holder)) {
            if (!pointer.equals(beside)
                    && !pointer.startsWith(beside + "/")
                    && after.place(beside).isPresent()) {
                assertEquals(bytes(before, beside), bytes(after, beside), where + " at " + beside);
            }
        }
        List<String> left = children(before, holder).stream()
                .filter(beside -> !pointer.equals(beside) && !pointer.startsWith(beside + "/"))
                .filter(beside -> after.place(beside).isEmpty())
                .toList();
        assertEquals(List.of(), left, where + " took away more than " + pointer);
    }

    private static List<String> children(Document document, String holder) {
        var node = document.at(holder).orElseThrow();
        return node.isObject()
                ? node.propertyNames().stream()
                        .map(name -> org.slipway.model.json.Pointer.child(holder, name))
                        .toList()
                : IntStream.range(0, node.size())
                        .mapToObj(i -> holder + "/" + i)
                        .toList();
    }
}
