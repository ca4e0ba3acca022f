package org.slipway.helper.varlink;

import java.util.Map;

/** A message after which nothing on the connection can be trusted: it is answered with this code, and the connection ends. */
final class MalformedMessage extends Exception {

    private final String code;
    private final transient Map<String, String> arguments;

    MalformedMessage(String code, Map<String, String> arguments) {
        super(code + " " + arguments);
        this.code = code;
        this.arguments = arguments;
    }

    String code() {
        return code;
    }

    Map<String, String> arguments() {
        return arguments;
    }
}
