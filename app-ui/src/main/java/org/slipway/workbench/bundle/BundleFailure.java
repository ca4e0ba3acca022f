package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slipway.workbench.text.Texts;

/** A bundle that can't be opened, made or saved, with a sentence that says why and names the path. */
public final class BundleFailure extends IOException {

    private static final long serialVersionUID = 1;

    private final String code;

    BundleFailure(String code, Object... arguments) {
        super(Texts.of("bundle.failure." + code, arguments));
        this.code = code;
    }

    /**
     * Why a file could not be read or written, out of what the system said.
     *
     * @param file what was tried
     */
    static BundleFailure of(Path file, IOException cause) {
        if (cause instanceof BundleFailure known) {
            return known;
        }
        String said = cause instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : String.valueOf(cause.getMessage());
        String code = said.contains("No space left") || said.contains("quota exceeded")
                ? "no-space"
                : said.contains("Read-only file system") ? "read-only" : "io";
        code = switch (cause) {
            case AccessDeniedException _ -> "denied";
            case NoSuchFileException _ -> "vanished";
            case CharacterCodingException _ -> "lone-surrogate";
            default -> code;
        };
        BundleFailure failure = new BundleFailure(code, file, said);
        failure.initCause(cause);
        return failure;
    }

    /** A stable name of what went wrong, such as {@code no-config}. */
    public String code() {
        return code;
    }
}
