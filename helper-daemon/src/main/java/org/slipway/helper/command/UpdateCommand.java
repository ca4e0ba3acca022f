package org.slipway.helper.command;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Explanation;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Changes what can be changed on a container that lives. */
@Command(name = "update", description = "Changes the limits of a container that lives.")
final class UpdateCommand implements Action {

    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgtp]?)i?b?");
    private static final String UNITS = "kmgtp";

    @Option(
            names = {"-r", "--resources"},
            paramLabel = "FILE|-",
            description = "A resources object as in linux.resources; - is standard input.")
    @Nullable String resources;

    @Option(
            names = "--changes",
            paramLabel = "FILE|-",
            description = "A part of a configuration, for what lies outside of linux.resources.")
    @Nullable String changes;

    @Option(
            names = "--explain",
            description = "Prints what can change at all, and with changes the plan; changes nothing.")
    boolean explain;

    @Option(names = "--blkio-weight", paramLabel = "N", description = "Weight of block devices, 10 to 1000.")
    @Nullable String blkioWeight;

    @Option(names = "--cpu-period", paramLabel = "N", description = "CPU period in microseconds.")
    @Nullable String cpuPeriod;

    @Option(
            names = "--cpu-quota",
            paramLabel = "N",
            description = "CPU time in a period, in microseconds; -1: no limit.")
    @Nullable String cpuQuota;

    @Option(names = "--cpu-burst", paramLabel = "N", description = "CPU time that may be saved up, in microseconds.")
    @Nullable String cpuBurst;

    @Option(names = "--cpu-share", paramLabel = "N", description = "CPU shares, relative to other containers.")
    @Nullable String cpuShare;

    @Option(
            names = "--cpu-rt-period",
            paramLabel = "N",
            description = "Period for real-time processes, in microseconds.")
    @Nullable String cpuRealtimePeriod;

    @Option(
            names = "--cpu-rt-runtime",
            paramLabel = "N",
            description = "Time for real-time processes, in microseconds.")
    @Nullable String cpuRealtimeRuntime;

    @Option(names = "--cpuset-cpus", paramLabel = "LIST", description = "Processors, such as 0-3,7.")
    @Nullable String cpusetCpus;

    @Option(names = "--cpuset-mems", paramLabel = "LIST", description = "Memory nodes.")
    @Nullable String cpusetMems;

    @Option(names = "--cpu-idle", paramLabel = "0|1", description = "Runs only when nobody else wants to.")
    @Nullable String cpuIdle;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory, such as 512m; -1: no limit.")
    @Nullable String memory;

    @Option(names = "--memory-reservation", paramLabel = "SIZE", description = "Memory that is left to it.")
    @Nullable String memoryReservation;

    @Option(names = "--memory-swap", paramLabel = "SIZE", description = "Memory and swap together; -1: no limit.")
    @Nullable String memorySwap;

    @Option(names = "--pids-limit", paramLabel = "N", description = "Processes; -1: no limit.")
    @Nullable String pidsLimit;

    @Option(names = "--l3-cache-schema", paramLabel = "TEXT", description = "Shares of the L3 cache (Intel RDT).")
    @Nullable String cacheSchema;

    @Option(names = "--mem-bw-schema", paramLabel = "TEXT", description = "Memory bandwidth (Intel RDT).")
    @Nullable String bandwidthSchema;

    @Parameters(paramLabel = "ID", arity = "0..1")
    @Nullable String id;

    @Override
    public int run(Context context) throws Failure, IOException {
        ObjectNode typed = typed();
        boolean anything = resources != null || changes != null || !typed.isEmpty();
        if (explain && !anything) {
            context.out(context.offline().liveTable());
            return 0;
        }
        if (id == null) {
            throw Failure.caller("update-without-id", Map.of());
        }
        if (resources != null && !typed.isEmpty()) {
            throw Failure.caller("update-two-ways", Map.of("member", "--resources"));
        }
        UpdateRequest request = request(context, typed);
        UpdateView view = context.need().gate().update(context.name(id), request);
        if (explain) {
            ObjectNode plan = Explanation.json(java.util.List.of(view.plan()));
            context.out(table(context).set("plan", plan.get("plans").get(0)).toPrettyString() + "\n");
        }
        for (Finding notice : view.notices()) {
            context.warn(Sentences.of(Views.finding(notice)));
        }
        return 0;
    }

    private static ObjectNode table(Context context) throws IOException {
        try {
            return (ObjectNode)
                    Wire.tree(context.offline().liveTable().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (WireException e) {
            throw new IllegalStateException("the table is no JSON object", e);
        }
    }

    private UpdateRequest request(Context context, ObjectNode typed) throws Failure, IOException {
        Optional<byte[]> given = resources == null ? Optional.empty() : Optional.of(read(context, resources));
        Optional<byte[]> more = changes == null ? Optional.empty() : Optional.of(read(context, changes));
        UpdateRequest request = UpdateRequest.of(given, more, explain);
        for (Map.Entry<String, tools.jackson.databind.JsonNode> member : typed.properties()) {
            request.change().withObject("/linux").set(member.getKey(), member.getValue());
        }
        return request;
    }

    private static byte[] read(Context context, String path) throws Failure, IOException {
        try {
            return context.client().read(path.equals("-") ? "/dev/stdin" : path, context.largest());
        } catch (Client.FileTrouble e) {
            throw BundleCommands.unreadable("update-unreadable", e, context.largest());
        }
    }

    /** What the options say, as it would stand in {@code linux}. */
    private ObjectNode typed() throws Failure {
        ObjectNode linux = Wire.object();
        number(linux, "/resources/blockIO", "weight", "--blkio-weight", blkioWeight);
        number(linux, "/resources/cpu", "period", "--cpu-period", cpuPeriod);
        number(linux, "/resources/cpu", "quota", "--cpu-quota", cpuQuota);
        number(linux, "/resources/cpu", "burst", "--cpu-burst", cpuBurst);
        number(linux, "/resources/cpu", "shares", "--cpu-share", cpuShare);
        number(linux, "/resources/cpu", "realtimePeriod", "--cpu-rt-period", cpuRealtimePeriod);
        number(linux, "/resources/cpu", "realtimeRuntime", "--cpu-rt-runtime", cpuRealtimeRuntime);
        number(linux, "/resources/cpu", "idle", "--cpu-idle", cpuIdle);
        text(linux, "/resources/cpu", "cpus", cpusetCpus);
        text(linux, "/resources/cpu", "mems", cpusetMems);
        size(linux, "limit", "--memory", memory);
        size(linux, "reservation", "--memory-reservation", memoryReservation);
        size(linux, "swap", "--memory-swap", memorySwap);
        number(linux, "/resources/pids", "limit", "--pids-limit", pidsLimit);
        text(linux, "/intelRdt", "l3CacheSchema", cacheSchema);
        text(linux, "/intelRdt", "memBwSchema", bandwidthSchema);
        return linux;
    }

    private static void number(ObjectNode linux, String object, String name, String option, @Nullable String text)
            throws Failure {
        if (text == null) {
            return;
        }
        if (!text.matches("-?[0-9]{1,20}")) {
            throw Failure.caller("number-malformed", Map.of("option", option, "value", text));
        }
        linux.withObject(object).put(name, new java.math.BigInteger(text));
    }

    private static void text(ObjectNode linux, String object, String name, @Nullable String text) {
        if (text != null) {
            linux.withObject(object).put(name, text);
        }
    }

    private static void size(ObjectNode linux, String name, String option, @Nullable String text) throws Failure {
        if (text != null) {
            linux.withObject("/resources/memory").put(name, bytes(option, text));
        }
    }

    /** {@code 512m}, {@code 1.5GiB}, {@code -1}: the units are powers of 1024, as the other runtimes read them. */
    static long bytes(String option, String text) throws Failure {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.strip().equals("-1")) {
            return -1;
        }
        if (!size.matches()) {
            throw Failure.caller("size-malformed", Map.of("option", option, "value", text));
        }
        int power = size.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(size.group(2));
        BigDecimal bytes =
                new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1024).pow(power));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw Failure.caller("size-malformed", Map.of("option", option, "value", text));
        }
        return bytes.longValue();
    }
}
