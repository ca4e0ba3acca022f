package org.slipway.workbench.bundle;

import java.io.IOException;
import org.slipway.workbench.text.Texts;

/** A bundle that can't be opened, made or saved, with a sentence that says why and names the path. */
public final class BundleFailure extends IOException {

    private static final long serialVersionUID = 1;

    private final String code;

    BundleFailure(String code, Object... arguments) {
        super(Texts.of("bundle.failure." + code, arguments));
        this.code = code;
    }

    /** A stable name of what went wrong, such as {@code no-config}. */
    public String code() {
        return code;
    }
}
