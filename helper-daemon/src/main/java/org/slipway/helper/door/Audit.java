package org.slipway.helper.door;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each decision about a caller. */
public final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger("org.slipway.audit");

    private static final Pattern FOREIGN = Pattern.compile("[\\p{Cntrl}']");

    private Audit() {}

    /** A peer that was not let in. */
    public static void turnedAway(String door, Refused refusal) {
        LOG.warn(
                "door={} decision=refused code={} detail='{}'", door, refusal.code(), plain("" + refusal.getMessage()));
    }

    /** Something that was asked. {@code decision} is a word, {@code object} what it was asked of. */
    public static void decided(Peer peer, Ask ask, String object, String decision) {
        LOG.info(
                "uid={} pid={} tier={} ask={} object='{}' decision={}",
                Integer.toUnsignedString(peer.uid()),
                peer.pid(),
                peer.tier().word(),
                ask,
                plain(object),
                decision);
    }

    /** What stands for a text in a line: its SHA-256. */
    static String hash(byte[] text) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A foreign text cannot begin a line of its own. */
    static String plain(String text) {
        String brief = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return FOREIGN.matcher(brief).replaceAll("?");
    }
}
