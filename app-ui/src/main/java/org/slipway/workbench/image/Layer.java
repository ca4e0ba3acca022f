package org.slipway.workbench.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * One layer: an archive that can be read again and again, checked against its digests each time.
 *
 * @param name for messages
 * @param packed digests of the bytes as they are stored, {@code algorithm:hex}; empty if none is known
 * @param unpacked digests of the archive inside
 */
record Layer(String name, Source source, List<String> packed, List<String> unpacked) {

    /** Opens the stored bytes. */
    interface Source {
        InputStream open() throws IOException;
    }

    /** Gets each entry, and its bytes if it is a file. */
    interface Visitor {
        void visit(int ordinal, Entry entry, InputStream bytes) throws IOException;
    }

    /** Reads the layer to its end. */
    void read(long most, Watch watch, Visitor visitor) throws IOException {
        try (InputStream stored = source.open()) {
            Checked outer = new Checked(stored, packed);
            Checked inner = new Checked(unpack(outer.in, name), unpacked);
            Counted counted = new Counted(inner.in, most, watch);
            TarArchiveInputStream tar = new TarArchiveInputStream(counted, "UTF-8");
            int ordinal = 0;
            for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
                visitor.visit(ordinal++, entry(each), tar);
            }
            // what stands behind the archive belongs to its digest
            counted.transferTo(OutputStream.nullOutputStream());
            inner.check(name);
            outer.in.transferTo(OutputStream.nullOutputStream());
            outer.check(name);
        } catch (ImageFailure e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new ImageFailure("broken", name, ImageFailure.why(e)).because(e);
        }
    }

    /** The bytes without compression, told by their first bytes. */
    static InputStream unpack(InputStream stored, String name) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stored, 1 << 16);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        String start = HexFormat.of().formatHex(magic);
        if (start.startsWith("1f8b")) {
            return GzipCompressorInputStream.builder()
                    .setInputStream(in)
                    .setDecompressConcatenated(true)
                    .get();
        }
        if (start.equals("28b52ffd") || start.startsWith("425a68") || start.equals("fd377a58")) {
            throw new ImageFailure("compression", name);
        }
        return in;
    }

    private static Entry entry(TarArchiveEntry each) {
        Entry.Kind kind = each.isDirectory()
                ? Entry.Kind.DIRECTORY
                : each.isSymbolicLink()
                        ? Entry.Kind.SYMLINK
                        : each.isLink()
                                ? Entry.Kind.HARD_LINK
                                : each.isBlockDevice() || each.isCharacterDevice() || each.isFIFO()
                                        ? Entry.Kind.SPECIAL
                                        : Entry.Kind.FILE;
        return new Entry(
                kind,
                each.getName(),
                each.getLinkName() == null ? "" : each.getLinkName(),
                each.getMode() & 07777,
                (int) each.getLongUserId(),
                (int) each.getLongGroupId(),
                each.getLastModifiedTime().toInstant(),
                kind == Entry.Kind.FILE ? each.getRealSize() : 0);
    }

    /** Bytes whose digests are computed while they pass. */
    private static final class Checked {
        final InputStream in;
        private final List<String> wanted;
        private final List<MessageDigest> digests = new ArrayList<>();

        Checked(InputStream from, List<String> wanted) throws ImageFailure {
            InputStream stream = from;
            for (String digest : wanted) {
                MessageDigest computed = algorithm(digest);
                digests.add(computed);
                stream = new DigestInputStream(stream, computed);
            }
            this.in = stream;
            this.wanted = wanted;
        }

        void check(String name) throws ImageFailure {
            for (int i = 0; i < digests.size(); i++) {
                Layer.check(wanted.get(i), digests.get(i).digest(), name);
            }
        }
    }

    static MessageDigest algorithm(String digest) throws ImageFailure {
        int colon = digest.indexOf(':');
        String name = digest.substring(0, Math.max(colon, 0));
        try {
            return switch (name) {
                case "sha256" -> MessageDigest.getInstance("SHA-256");
                case "sha384" -> MessageDigest.getInstance("SHA-384");
                case "sha512" -> MessageDigest.getInstance("SHA-512");
                default -> throw new ImageFailure("digest-unknown", digest);
            };
        } catch (NoSuchAlgorithmException e) {
            throw new ImageFailure("digest-unknown", digest).because(e);
        }
    }

    static void check(String wanted, byte[] computed, String name) throws ImageFailure {
        String hex = HexFormat.of().formatHex(computed);
        if (!wanted.substring(wanted.indexOf(':') + 1).toLowerCase(Locale.ROOT).equals(hex)) {
            throw new ImageFailure("digest", name, wanted, hex);
        }
    }
}
