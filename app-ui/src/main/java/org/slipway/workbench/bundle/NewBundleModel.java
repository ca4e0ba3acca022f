package org.slipway.workbench.bundle;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.slipway.workbench.task.Tasks;
import org.slipway.workbench.text.Texts;

/** A bundle that is about to be made: of which template, under which name, in which folder. */
public final class NewBundleModel {

    private final Tasks tasks;
    private final ObjectProperty<Template> template = new SimpleObjectProperty<>(Template.HOOKS);
    private final StringProperty name = new SimpleStringProperty("hello");
    private final StringProperty parent = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper("");

    /**
     * A bundle that goes beside others.
     *
     * @param folder the folder that will hold its folder
     */
    public NewBundleModel(Tasks tasks, Path folder) {
        this.tasks = tasks;
        parent.set(folder.toString());
        name.subscribe(this::judge);
        parent.subscribe(this::judge);
        judge();
    }

    private void judge() {
        whyNot.set(reason());
    }

    private String reason() {
        if (name.get().isBlank() || name.get().contains("/") || name.get().startsWith(".")) {
            return Texts.of("new.bad-name");
        }
        try {
            Path folder = Path.of(parent.get());
            if (!folder.isAbsolute() || !Files.isDirectory(folder)) {
                return Texts.of("new.no-folder", parent.get());
            }
            if (!Files.isWritable(folder)) {
                return Texts.of("new.denied", parent.get());
            }
            return Files.exists(folder.resolve(name.get())) ? Texts.of("new.exists", folder.resolve(name.get())) : "";
        } catch (InvalidPathException e) {
            return Texts.of("new.bad-name");
        }
    }

    /** What the configuration is copied from. */
    public ObjectProperty<Template> template() {
        return template;
    }

    /** What the folder will be called. */
    public StringProperty name() {
        return name;
    }

    /** The folder that will hold it. */
    public StringProperty parent() {
        return parent;
    }

    /** Why it can't be made as it stands, or empty. */
    public ReadOnlyStringProperty whyNot() {
        return whyNot.getReadOnlyProperty();
    }

    /** Makes it. */
    public void make(Consumer<? super Path> done, Consumer<? super Exception> failed) {
        Template chosen = template.get();
        Path folder = Path.of(parent.get()).resolve(name.get());
        tasks.run(() -> SampleBundle.make(folder, chosen), done, failed);
    }
}
