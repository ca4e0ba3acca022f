package org.slipway.model.plan;

import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Configurations for tests, as text and as values. */
final class Specs {

    static final JsonMapper JSON = new JsonMapper();

    private Specs() {}

    static ObjectNode tree(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    static Spec parse(String text) {
        return Spec.read(tree(text));
    }

    static Spec standard() {
        return parse(DefaultSpec.text());
    }
}
