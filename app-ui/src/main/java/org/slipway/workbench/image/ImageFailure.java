package org.slipway.workbench.image;

import java.io.IOException;
import org.slipway.workbench.text.Texts;

/** An image that can't be imported, with a sentence that says why and names the path. */
public final class ImageFailure extends IOException {

    private static final long serialVersionUID = 1;

    private final String code;

    ImageFailure(String code, Object... arguments) {
        super(Texts.of("image.failure." + code, arguments));
        this.code = code;
    }

    ImageFailure because(Throwable cause) {
        initCause(cause);
        return this;
    }

    /** What a reader or writer says of itself; a stream that ends too early says nothing. */
    static String why(Exception e) {
        return e.getMessage() == null ? Texts.of("image.why.ends") : e.getMessage();
    }

    /** A stable name of what went wrong, such as {@code escapes}. */
    public String code() {
        return code;
    }
}
