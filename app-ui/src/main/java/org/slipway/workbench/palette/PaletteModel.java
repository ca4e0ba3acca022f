package org.slipway.workbench.palette;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.form.Field;
import org.slipway.workbench.form.FormModel;
import org.slipway.workbench.form.RowsField;
import org.slipway.workbench.text.Texts;

/** Finds actions and members of the configuration by words of their names, such as {@code mounts[2].options}. */
public final class PaletteModel {

    private static final int MOST = 200;

    /**
     * Something that can be chosen.
     *
     * @param title its words, such as {@code Container: Create}
     * @param detail the keys of an action, or the path of a member
     * @param run does it
     * @param ready whether it can be done now
     */
    public record Entry(String title, String detail, Runnable run, BooleanSupplier ready) {

        private String words() {
            return (title + " " + detail).toLowerCase(Locale.ROOT);
        }
    }

    private final Supplier<FormModel> front;
    private final List<Entry> actions;

    /** The palette of some actions and all members that the form in front has a place for. */
    public PaletteModel(Supplier<FormModel> front, List<Entry> actions) {
        this.front = front;
        this.actions = List.copyOf(actions);
    }

    /** What has all the words that were typed, the closest first; with nothing typed, the actions that can be done now. */
    public List<Entry> matching(String typed) {
        List<String> words = List.of(typed.strip().toLowerCase(Locale.ROOT).split("\\s+", -1));
        List<Entry> all = new ArrayList<>(
                actions.stream().filter(action -> action.ready().getAsBoolean()).toList());
        FormModel form = front.get();
        if (!typed.isBlank() && form.session().folder().isPresent()) {
            form.sections().forEach(section -> section.fields().forEach(field -> add(all, section, field)));
        }
        String first = words.getFirst();
        return all.stream()
                .filter(entry -> words.stream().allMatch(entry.words()::contains))
                .sorted(Comparator.comparingInt((Entry entry) -> distance(entry, first)))
                .limit(MOST)
                .toList();
    }

    /** How far a match is from what a person would type first: whole names, then beginnings of words, then the middle of one. */
    private static int distance(Entry entry, String word) {
        String words = entry.words();
        if (entry.detail().toLowerCase(Locale.ROOT).equals(word)) {
            return 0;
        }
        if (words.startsWith(word)) {
            return 1;
        }
        int at = words.indexOf(word);
        boolean begins = at > 0 && !Character.isLetterOrDigit(words.charAt(at - 1));
        return begins ? 2 : 3;
    }

    private void add(List<Entry> all, FormModel.Section section, Field field) {
        String title = Texts.of("form.section." + section.key()) + ": " + Texts.of("form." + field.key());
        all.add(member(title, field.pointer()));
        if (field instanceof RowsField rows) {
            rows.rows().forEach(row -> {
                all.add(member(title, row.pointer()));
                row.cells().stream()
                        .filter(cell -> !cell.pointer().equals(row.pointer()))
                        .forEach(cell -> all.add(member(title, cell.pointer())));
            });
        }
    }

    private Entry member(String title, String pointer) {
        return new Entry(
                title, path(pointer), () -> front.get().session().jump(pointer, Selected.Where.PALETTE), () -> true);
    }

    /** A pointer as people say it: {@code mounts[2].options}. */
    static String path(String pointer) {
        StringBuilder path = new StringBuilder();
        for (String name : Pointer.names(pointer)) {
            if (name.matches("\\d+")) {
                path.append('[').append(name).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }
}
