package org.slipway.model.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The interface file, read: each type, method and error with its members as {@code name: type}. */
record InterfaceFile(
        String name, Map<String, List<String>> types, Map<String, Method> methods, Map<String, List<String>> errors) {

    record Method(List<String> parameters, List<String> answer) {}

    private static final Pattern MEMBERS = Pattern.compile("\\s*(\\w+)\\s*:\\s*([^,()]+?)\\s*(,|$)");
    private static final Pattern DECLARATION = Pattern.compile(
            "(type|method|error)\\s+(\\w+)\\s*\\(([^)]*)\\)(?:\\s*->\\s*\\(([^)]*)\\))?\\s*", Pattern.DOTALL);

    static InterfaceFile read() throws IOException {
        try (InputStream file = Wire.class.getResourceAsStream("/" + Wire.INTERFACE + ".varlink")) {
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static InterfaceFile parse(String text) {
        String bare = text.replaceAll("(?m)#.*$", "").strip();
        var head = Pattern.compile("interface\\s+([\\w.]+)\\s+").matcher(bare);
        if (!head.lookingAt()) {
            throw new IllegalArgumentException("no interface line");
        }
        var file =
                new InterfaceFile(head.group(1), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        var declaration = DECLARATION.matcher(bare);
        int at = head.end();
        while (at < bare.length()) {
            if (!declaration.region(at, bare.length()).lookingAt()) {
                throw new IllegalArgumentException("not a declaration: '" + bare.substring(at) + "'");
            }
            file.add(declaration.group(1), declaration.group(2), declaration.group(3), declaration.group(4));
            at = declaration.end();
        }
        return file;
    }

    private void add(String what, String name, String members, String answer) {
        Object before = switch (what) {
            case "type" -> types.put(name, members(members));
            case "error" -> errors.put(name, members(members));
            default -> methods.put(name, new Method(members(members), members(answer)));
        };
        if (before != null) {
            throw new IllegalArgumentException(what + " " + name + " stands there twice");
        }
    }

    private static List<String> members(String text) {
        List<String> members = new ArrayList<>();
        var member = MEMBERS.matcher(text);
        int at = 0;
        while (at < text.strip().length()) {
            if (!member.region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException("not a member: '" + text.substring(at) + "'");
            }
            members.add(member.group(1) + ": " + member.group(2));
            at = member.end();
        }
        return members;
    }
}
