package org.slipway.helper.varlink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ObjectNode;

/** The interface {@code org.varlink.service}, which every Varlink server offers, and its errors. */
final class VarlinkService {

    static final String NAME = "org.varlink.service";

    private static final List<String> INTERFACES = List.of(NAME, Wire.INTERFACE);

    private VarlinkService() {}

    static Answer info(String version) {
        ObjectNode info = Wire.object();
        info.put("vendor", "Slipway");
        info.put("product", "Slipway helper");
        info.put("version", version);
        info.put("url", "");
        INTERFACES.forEach(info.putArray("interfaces")::add);
        return Answer.last(info);
    }

    static Answer description(ObjectNode parameters) {
        if (parameters.size() != 1 || !parameters.path("interface").isString()) {
            return invalidParameter("interface");
        }
        String name = parameters.path("interface").stringValue();
        if (!INTERFACES.contains(name)) {
            return error("InterfaceNotFound", "interface", name);
        }
        ObjectNode answer = Wire.object();
        answer.put("description", text(name));
        return Answer.last(answer);
    }

    private static String text(String name) {
        try (InputStream file = VarlinkService.class.getResourceAsStream("/" + name + ".varlink")) {
            if (file == null) {
                throw new IllegalStateException("the interface " + name + " is not packed with the program");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a method that does not exist: its interface, or only the method, is unknown. */
    static Answer notFound(String method) {
        String owner = method.substring(0, Math.max(0, method.lastIndexOf('.')));
        return INTERFACES.contains(owner)
                ? error("MethodNotFound", "method", method)
                : error("InterfaceNotFound", "interface", owner);
    }

    static Answer invalidParameter(String parameter) {
        return error("InvalidParameter", "parameter", parameter);
    }

    static Answer expectedMore() {
        return Answer.error(NAME + ".ExpectedMore", Wire.object());
    }

    private static Answer error(String name, String member, String value) {
        ObjectNode parameters = Wire.object();
        parameters.put(member, value);
        return Answer.error(NAME + "." + name, parameters);
    }
}
