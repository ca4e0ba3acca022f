package org.slipway.helper.run;

import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;

/**
 * All processes of a cgroup, or all their threads, while they come and go: what is done is done until nobody new is seen. Whoever is born
 * later is born of somebody to whom it was done.
 */
final class Crowd {

    private static final Logger LOG = LoggerFactory.getLogger(Crowd.class);

    /** Looks at the list; somebody who forks faster is EBUSY. */
    private static final int LOOKS = 100;

    private final String cgroup;
    private final boolean threads;

    private Crowd(String cgroup, boolean threads) {
        this.cgroup = cgroup;
        this.threads = threads;
    }

    static Crowd processes(String cgroup) {
        return new Crowd(cgroup, false);
    }

    static Crowd threads(String cgroup) {
        return new Crowd(cgroup, true);
    }

    /** What is done to one of them. */
    interface Deed {
        void to(int id) throws ErrnoException;
    }

    /** What is done to one of them, and tells how it is taken back. */
    interface Change {
        Back to(int id) throws ErrnoException;
    }

    /** Takes a change back. */
    interface Back {
        void run() throws ErrnoException;
    }

    /** What has been changed, and can be taken back. */
    static final class Former {

        private record One(int id, long born, Back back) {}

        private final List<One> all = new ArrayList<>();

        /** Takes all back from those who still live; false if there was nothing. */
        boolean restore() {
            for (One one : all.reversed()) {
                // an id may be another's by now
                if (born(one.id()).filter(time -> time == one.born()).isPresent()) {
                    try {
                        one.back().run();
                    } catch (ErrnoException e) {
                        LOG.warn("{} does not get back what it had: {}", one.id(), e.toString());
                    }
                }
            }
            boolean any = !all.isEmpty();
            all.clear();
            return any;
        }
    }

    void each(Deed deed) throws ErrnoException {
        change(new Former(), id -> {
            deed.to(id);
            return () -> {};
        });
    }

    /** One who refuses gets the others what they had back. */
    void change(Former former, Change change) throws ErrnoException {
        try {
            untilNobodyIsNew(former, change);
        } catch (ErrnoException e) {
            boolean _ = former.restore();
            throw e;
        }
    }

    private void untilNobodyIsNew(Former former, Change change) throws ErrnoException {
        Set<String> done = new HashSet<>();
        for (int look = 0; look < LOOKS; look++) {
            boolean fresh = false;
            for (int id : ids()) {
                Optional<Long> born = born(id);
                if (born.isEmpty() || !done.add(id + " " + born.get())) {
                    continue;
                }
                fresh = true;
                try {
                    former.all.add(new Former.One(id, born.get(), change.to(id)));
                } catch (ErrnoException e) {
                    if (!e.is(Errno.ESRCH) && !(e.is(Errno.ENOENT) && born(id).isEmpty())) {
                        throw e;
                    }
                }
            }
            if (!fresh) {
                return;
            }
        }
        throw new ErrnoException("each of \"" + cgroup + "\"", Errno.EBUSY);
    }

    private List<Integer> ids() throws ErrnoException {
        List<Integer> ids = new ArrayList<>();
        for (int pid : Cgroups.everyone(cgroup)) {
            if (pid == 0) {
                continue; // of a namespace that we cannot see into
            }
            String[] tasks = threads ? new File("/proc/" + pid + "/task").list() : new String[] {"" + pid};
            for (String task : tasks == null ? new String[0] : tasks) {
                ids.add(Integer.valueOf(task));
            }
        }
        return ids;
    }

    private static Optional<Long> born(int id) {
        return Stat.of(id).filter(Stat::alive).map(Stat::startTime);
    }
}
