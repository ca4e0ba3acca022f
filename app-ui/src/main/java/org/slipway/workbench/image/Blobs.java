package org.slipway.workbench.image;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files of an image by name: those of a folder, or those inside one archive. */
sealed interface Blobs {

    boolean has(String name);

    InputStream open(String name) throws IOException;

    /** All bytes of a small file. */
    default byte[] document(String name, Bounds bounds) throws IOException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(bounds.document() + 1);
            if (bytes.length > bounds.document()) {
                throw new ImageFailure("document", name, bounds.document());
            }
            return bytes;
        }
    }

    /** A folder; no name leads out of it, neither by its parts nor by a link. */
    record Folder(Path folder) implements Blobs {

        @Override
        public boolean has(String name) {
            return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public InputStream open(String name) throws IOException {
            Path file = folder.resolve(name);
            if (!file.toRealPath().startsWith(folder.toRealPath()) || !Files.isRegularFile(file)) {
                throw new ImageFailure("escapes", name);
            }
            return Files.newInputStream(file);
        }
    }

    /**
     * The files inside one archive, which is not compressed.
     *
     * @param places where each begins and how long it is
     */
    record Archive(Path file, Map<String, long[]> places) implements Blobs {

        static Archive of(Path file, Bounds bounds, Watch watch) throws IOException {
            Map<String, long[]> places = new HashMap<>();
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                Counted counted = new Counted(in, Long.MAX_VALUE, watch);
                TarArchiveInputStream tar = new TarArchiveInputStream(counted, "UTF-8");
                int count = 0;
                for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
                    if (++count > bounds.entries()) {
                        throw new ImageFailure("entries", bounds.entries());
                    }
                    if (each.isFile() && !each.isSparse()) {
                        places.put(each.getName(), new long[] {counted.count(), each.getSize()});
                    } else if (each.isSymbolicLink() && each.getName().endsWith("/layer.tar")) {
                        // older archives name a layer that they hold already by a link beside it
                        String target = Path.of(each.getName())
                                .resolveSibling(each.getLinkName())
                                .normalize()
                                .toString();
                        long[] known = places.get(target);
                        if (known != null) {
                            places.put(each.getName(), known);
                        }
                    }
                }
            } catch (ImageFailure e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                throw new ImageFailure("broken", file, ImageFailure.why(e)).because(e);
            }
            return new Archive(file, Map.copyOf(places));
        }

        @Override
        public boolean has(String name) {
            return places.containsKey(name);
        }

        @Override
        public InputStream open(String name) throws IOException {
            long[] place = places.get(name);
            if (place == null) {
                throw new ImageFailure("lacks", name);
            }
            FileChannel channel = FileChannel.open(file);
            channel.position(place[0]);
            return new Part(Channels.newInputStream(channel), place[1]);
        }
    }

    /** The next bytes of a stream, so many and no more. */
    final class Part extends FilterInputStream {
        private long left;

        Part(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(bytes, from, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = super.skip(Math.min(wanted, left));
            left -= skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
