package org.slipway.workbench.seccomp;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;

/** The calls with what the filter does at each: searched, compared with a preset, and given another action. */
public final class CallsModel {

    /** Which calls are listed. */
    public enum Shown {
        /** Every call that the kernel has or the filter names. */
        ALL,
        /** Those that the filter names. */
        NAMED,
        /** Those that get something else than in the preset. */
        DIFFERENT
    }

    /**
     * A call.
     *
     * @param named whether an entry names it
     * @param conditional whether entries name it with conditions
     * @param preset what the preset does at it
     * @param differs whether that is something else
     */
    public record Row(String name, String action, boolean named, boolean conditional, String preset, boolean differs) {}

    private static final List<String> KNOWN =
            member("/linux/seccomp/syscalls/0/names/0").known();

    private final Session session;
    private final StringProperty search = new SimpleStringProperty("");
    private final ObjectProperty<Shown> shown = new SimpleObjectProperty<>(Shown.NAMED);
    private final ObjectProperty<Preset> preset = new SimpleObjectProperty<>(Preset.GUARDED);
    private final ReadOnlyObjectWrapper<List<Row>> rows = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<Long> different = new ReadOnlyObjectWrapper<>(0L);
    private Filter filter = new Filter(Optional.empty(), Map.of());
    private Filter other = Filter.of(Preset.GUARDED.filter());

    /** The calls of a session's document. */
    public CallsModel(Session session) {
        this.session = session;
        session.document().subscribe(document -> {
            Filter now = Filter.of(document);
            if (!now.equals(filter)) {
                filter = now;
                show();
            }
        });
        search.subscribe((_, _) -> show());
        shown.subscribe((_, _) -> show());
        preset.subscribe((_, chosen) -> {
            other = Filter.of(chosen.filter());
            show();
        });
        show();
    }

    private void show() {
        var names = new TreeSet<>(KNOWN);
        names.addAll(filter.calls().keySet());
        names.addAll(other.calls().keySet());
        List<Row> all = names.stream().map(this::row).toList();
        different.set(all.stream().filter(Row::differs).count());
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        rows.set(all.stream()
                .filter(row -> row.name().contains(wanted)
                        || row.action().toLowerCase(Locale.ROOT).contains(wanted))
                .filter(row -> switch (shown.get()) {
                    // who looks for a name wants to find it
                    case NAMED -> row.named() || !wanted.isEmpty();
                    case DIFFERENT -> row.differs();
                    case ALL -> true;
                })
                .toList());
    }

    private Row row(String name) {
        return new Row(
                name,
                filter.action(name),
                filter.calls().containsKey(name),
                filter.conditional(name),
                other.action(name),
                !filter.same(other, name));
    }

    /** The calls that are listed, by name. */
    public ReadOnlyObjectProperty<List<Row>> rows() {
        return rows.getReadOnlyProperty();
    }

    /** How many calls get something else than in the preset. */
    public ReadOnlyObjectProperty<Long> different() {
        return different.getReadOnlyProperty();
    }

    /** Part of a name or of an action. */
    public StringProperty search() {
        return search;
    }

    /** Which calls are listed. */
    public ObjectProperty<Shown> shown() {
        return shown;
    }

    /** What the filter is compared with. */
    public ObjectProperty<Preset> preset() {
        return preset;
    }

    /** The actions there are, by their names in the specification. */
    public static List<String> actions() {
        return member(Filter.POINTER + "/defaultAction").oneOf();
    }

    private static Member member(String pointer) {
        return SpecTable.get().at(pointer).orElseThrow();
    }

    /** Gives calls an action; undo takes it back in one step. */
    public void assign(Collection<String> names, String action) {
        session.edit(Filter.assign(session.document().get(), List.copyOf(names), action));
    }

    /** Makes the filter that of the preset; undo takes it back in one step. */
    public void apply() {
        session.edit(Filter.become(session.document().get(), preset.get().filter()));
    }

    /** Says that the person is at a call now: what names it is marked in the source. */
    public void entered(String name) {
        Filter.Call call = filter.calls().get(name);
        if (call != null) {
            session.select(Pointer.child(Filter.POINTER + "/syscalls", call.entry()), Selected.Where.FORM);
        }
    }
}
