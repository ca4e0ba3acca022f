package org.slipway.helper.command;

import java.util.List;
import java.util.Map;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.wire.Finding;

/** What commands can do without any container, and without rights: pure functions of text. */
public interface Offline {

    /** The program's own version, its commit, and the specification's version. */
    Map<String, String> versions();

    /** The text of a new config.json. */
    String defaultConfig(boolean rootless);

    /** The features structure as JSON text. */
    String features();

    /** Everything that is to be said about a configuration; empty when nothing is. */
    List<Finding> validate(byte[] config);

    /**
     * What create and start would do, as text for a person or as JSON.
     *
     * @param bundle absolute path
     * @param uid whose container it would be
     * @throws Failure {@code config-invalid} with its findings
     */
    String explain(byte[] config, String bundle, int uid, boolean json) throws Failure;

    /** A finding as a sentence. */
    String sentence(Finding finding);
}
