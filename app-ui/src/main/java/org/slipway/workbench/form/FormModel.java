package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.form.RowsField.Column;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** All fields of the form, by section, kept in step with the document. */
public final class FormModel {

    /** A part of the form; its text is {@code form.section.<key>}. */
    public record Section(String key, List<Field> fields) {}

    private static final List<String> HOOKS =
            List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Session session;
    private final List<Section> sections = new ArrayList<>();

    /** The fields of a session's document. */
    public FormModel(Session session) {
        this.session = session;
        sections.add(new Section(
                "process",
                List.of(
                        list("args", "/process/args", () -> JSON.stringNode("")),
                        list("env", "/process/env", () -> JSON.stringNode("NAME=value")),
                        value("cwd", "/process/cwd", Codec.TEXT, true),
                        value("uid", "/process/user/uid", Codec.NUMBER, false),
                        value("gid", "/process/user/gid", Codec.NUMBER, false),
                        value("groups", "/process/user/additionalGids", Codec.NUMBERS, false),
                        new FlagField(session, "terminal", "/process/terminal"))));
        sections.add(new Section(
                "root",
                List.of(
                        value("root-path", "/root/path", Codec.TEXT, true),
                        new FlagField(session, "root-readonly", "/root/readonly"),
                        value("hostname", "/hostname", Codec.TEXT, false))));
        sections.add(new Section("mounts", List.of(mounts())));
        sections.add(
                new Section("namespaces", List.of(new NamespacesField(session, "namespaces", "/linux/namespaces"))));
        sections.add(new Section(
                "limits",
                List.of(
                        value("memory", "/linux/resources/memory/limit", Codec.SIZE, false),
                        value("cpu-quota", "/linux/resources/cpu/quota", Codec.NUMBER, false),
                        value("cpu-period", "/linux/resources/cpu/period", Codec.NUMBER, false),
                        value("cpu-shares", "/linux/resources/cpu/shares", Codec.NUMBER, false),
                        value("pids", "/linux/resources/pids/limit", Codec.NUMBER, false))));
        sections.add(new Section("hooks", HOOKS.stream().map(this::hooks).toList()));
        session.document().subscribe(document -> fields().forEach(field -> field.refresh(document)));
        session.findings().subscribe(findings -> fields().forEach(field -> field.judge(findings)));
    }

    private Field value(String key, String pointer, Codec codec, boolean required) {
        return new ValueField(session, key, pointer, codec, required);
    }

    private Field list(String key, String pointer, Supplier<JsonNode> fresh) {
        return new RowsField(session, key, pointer, List.of(new Column(key, "", Codec.TEXT, true, 1)), fresh);
    }

    private Field mounts() {
        List<Column> columns = List.of(
                new Column("mount-destination", "destination", Codec.TEXT, true, 3),
                new Column("mount-type", "type", Codec.TEXT, false, 2.4),
                new Column("mount-source", "source", Codec.TEXT, false, 2.4),
                new Column("mount-options", "options", Codec.COMMAS, false, 4.2));
        return new RowsField(session, "mounts", "/mounts", columns, FormModel::freshMount);
    }

    private static ObjectNode freshMount() {
        return JSON.objectNode().put("destination", "/mnt").put("type", "tmpfs").put("source", "tmpfs");
    }

    private Field hooks(String kind) {
        List<Column> columns = List.of(
                new Column("hook-path", "path", Codec.TEXT, true, 3),
                new Column("hook-args", "args", Codec.WORDS, false, 6),
                new Column("hook-timeout", "timeout", Codec.NUMBER, false, 1.2));
        return new RowsField(session, "hook-" + kind, "/hooks/" + kind, columns, FormModel::freshHook);
    }

    private static ObjectNode freshHook() {
        ObjectNode hook = JSON.objectNode().put("path", "/bin/true");
        hook.putArray("args").add("true");
        return hook;
    }

    /** The parts of the form, from top to bottom. */
    public List<Section> sections() {
        return List.copyOf(sections);
    }

    private List<Field> fields() {
        return sections.stream().flatMap(section -> section.fields().stream()).toList();
    }

    public Session session() {
        return session;
    }
}
