package org.slipway.helper.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.model.plan.Confinement.Range;

/**
 * The ranges of ids that an administrator gave to somebody: subuid(5) and subgid(5). A line that is not understood gives nothing; so
 * does a range with root in it, or with the caller's own id.
 */
public final class Subordinates {

    private static final Logger LOG = LoggerFactory.getLogger(Subordinates.class);

    /** A map has 340 lines at most, user_namespaces(7), and the caller's own id takes one. */
    private static final int MOST = 339;

    private static final long IDS = 0xffffffffL;

    private final Path directory;

    /** Those of this machine. */
    public Subordinates() {
        this(Path.of("/etc"));
    }

    Subordinates(Path directory) {
        this.directory = directory;
    }

    /** User ids of the person with that user id. */
    public List<Range> uids(int uid) throws IOException {
        return ranges("subuid", uid, uid);
    }

    /**
     * Group ids of the person with that user id.
     *
     * @param gid their own group, which no range may hold
     */
    public List<Range> gids(int uid, int gid) throws IOException {
        return ranges("subgid", uid, gid);
    }

    private List<Range> ranges(String file, int uid, int own) throws IOException {
        String number = Integer.toUnsignedString(uid);
        Optional<String> name = name(number);
        List<Range> ranges = new ArrayList<>();
        for (String line : lines(file)) {
            String[] fields = line.split(":", -1);
            boolean theirs = fields[0].equals(number) || name.equals(Optional.of(fields[0]));
            if (!theirs) {
                continue;
            }
            Optional<Range> range = range(fields).filter(found -> !holds(found, Integer.toUnsignedLong(own)));
            if (range.isEmpty()) {
                LOG.warn("a line of {} for user {} gives nothing: it makes no range of ids", file, number);
            } else if (ranges.size() < MOST) {
                ranges.add(range.get());
            }
        }
        return ranges;
    }

    private static Optional<Range> range(String[] fields) {
        if (fields.length != 3 || !fields[1].matches("\\d{1,10}") || !fields[2].matches("\\d{1,10}")) {
            return Optional.empty();
        }
        long first = Long.parseLong(fields[1]);
        long count = Long.parseLong(fields[2]);
        boolean sound = first > 0 && count > 0 && first + count <= IDS;
        return sound ? Optional.of(new Range(first, count)) : Optional.empty();
    }

    private static boolean holds(Range range, long id) {
        return id >= range.first() && id - range.first() < range.count();
    }

    /** The login name in passwd(5): the files of this machine alone are asked. */
    private Optional<String> name(String uid) throws IOException {
        return lines("passwd").stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 3 && fields[2].equals(uid) && !fields[0].isEmpty())
                .map(fields -> fields[0])
                .findFirst();
    }

    private List<String> lines(String file) throws IOException {
        Path path = directory.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path, StandardCharsets.ISO_8859_1) : List.of();
    }
}
