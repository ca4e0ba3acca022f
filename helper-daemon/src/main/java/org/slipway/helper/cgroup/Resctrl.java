package org.slipway.helper.cgroup;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;

/** Groups of the resource control filesystem; see the kernel's documentation of resctrl. */
public final class Resctrl {

    private Resctrl() {}

    /** Makes or finds a group as the step says; a group that was made and does not take its schemata is taken away again. */
    public static void make(MakeResctrlGroup step) throws ErrnoException {
        make(step, path -> Descriptors.mkdir(path, 0755));
    }

    /** Makes a directory, which in this filesystem has its files at once. */
    interface Maker {
        void make(String path) throws ErrnoException;
    }

    static void make(MakeResctrlGroup step, Maker maker) throws ErrnoException {
        boolean made = switch (step.kind()) {
            case OWN -> {
                maker.make(step.path());
                yield true;
            }
            case SHARED -> {
                try {
                    maker.make(step.path());
                    yield true;
                } catch (ErrnoException e) {
                    if (!e.is(Errno.EEXIST)) {
                        throw e;
                    }
                    yield false;
                }
            }
            case FOREIGN -> {
                if (!ControlFiles.exists(step.path())) {
                    throw new ErrnoException("stat(\"" + step.path() + "\")", Errno.ENOENT);
                }
                yield false;
            }
        };
        if (step.schemata().isEmpty()) {
            return;
        }
        if (!made) {
            same(step.path() + "/schemata", step.schemata());
            return;
        }
        try {
            for (String line : step.schemata()) {
                ControlFiles.write(step.path() + "/schemata", line + "\n");
            }
        } catch (ErrnoException e) {
            remove(step.path());
            throw e;
        }
    }

    /** Removes a group; the kernel gives its processes back to the group above. A missing one is fine. */
    public static void remove(String path) throws ErrnoException {
        try {
            Descriptors.rmdir(path);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    /** EINVAL unless every value asked for is the value that is. */
    private static void same(String file, List<String> asked) throws ErrnoException {
        Map<String, BigInteger> present = new HashMap<>();
        ControlFiles.read(file).lines().forEach(line -> present.putAll(values(line)));
        for (String line : asked) {
            Map<String, BigInteger> wanted = values(line);
            if (wanted.isEmpty() || !present.entrySet().containsAll(wanted.entrySet())) {
                throw new ErrnoException("'" + line + "' in \"" + file + "\"", Errno.EINVAL);
            }
        }
    }

    /** {@code L3:0=ff;1=f} as {@code L3:0} to 255 and {@code L3:1} to 15: the kernel pads names and numbers. */
    private static Map<String, BigInteger> values(String line) {
        Map<String, BigInteger> values = new HashMap<>();
        int colon = line.indexOf(':');
        if (colon < 0) {
            return values;
        }
        String resource = line.substring(0, colon).strip();
        int radix = resource.startsWith("L") ? 16 : 10; // cache masks are hexadecimal, bandwidths decimal
        for (String part : line.substring(colon + 1).split(";", -1)) {
            String[] halves = part.strip().toLowerCase(Locale.ROOT).split("=", 2);
            try {
                if (halves.length == 2) {
                    String number = halves[1].strip();
                    values.put(
                            resource + ":" + halves[0].strip(),
                            new BigInteger(number.startsWith("0x") ? number.substring(2) : number, radix));
                }
            } catch (NumberFormatException e) {
                return Map.of(); // then it is not equal to anything
            }
        }
        return values;
    }
}
