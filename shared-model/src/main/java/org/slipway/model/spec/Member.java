package org.slipway.model.spec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** One value of the configuration, with the pointer that leads to it: the only place that looks into JSON. */
record Member(String pointer, JsonNode json) {

    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** A member of this object; absent and {@code null} are the same. */
    Optional<Member> get(String name) {
        JsonNode child = object().get(name);
        return child == null || child.isNull() ? Optional.empty() : Optional.of(new Member(below(name), child));
    }

    Member require(String name) {
        return get(name).orElseThrow(() -> wrong("'" + name + "' is missing"));
    }

    Optional<String> text(String name) {
        return get(name).map(Member::text);
    }

    Optional<Boolean> flag(String name) {
        return get(name).map(Member::flag);
    }

    Optional<Long> i64(String name) {
        return get(name).map(Member::i64);
    }

    Optional<Long> u64(String name) {
        return get(name).map(Member::u64);
    }

    Optional<Long> u32(String name) {
        return get(name).map(Member::u32);
    }

    Optional<Integer> i32(String name) {
        return get(name).map(Member::i32);
    }

    List<String> texts(String name) {
        return list(name, Member::text);
    }

    <T> List<T> list(String name, Function<Member, T> read) {
        return get(name).map(member -> member.items(read)).orElse(List.of());
    }

    /** The entries of an object, in the order of the file. */
    <T> Map<String, T> map(String name, Function<Member, T> read) {
        Optional<Member> found = get(name);
        if (found.isEmpty()) {
            return Map.of();
        }
        Map<String, T> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : found.get().object().properties()) {
            if (!entry.getValue().isNull()) {
                entries.put(
                        entry.getKey(), read.apply(new Member(found.get().below(entry.getKey()), entry.getValue())));
            }
        }
        return java.util.Collections.unmodifiableMap(entries);
    }

    String text() {
        if (!json.isString()) {
            throw wrong("a string was expected");
        }
        return json.stringValue();
    }

    boolean flag() {
        if (!json.isBoolean()) {
            throw wrong("true or false was expected");
        }
        return json.booleanValue();
    }

    long i64() {
        return integer(BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE));
    }

    long u64() {
        return integer(BigInteger.ZERO, MAX_U64);
    }

    long u32() {
        return integer(BigInteger.ZERO, BigInteger.valueOf(0xffffffffL));
    }

    int i32() {
        return (int) integer(BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE));
    }

    JsonNode object() {
        if (!json.isObject()) {
            throw wrong("an object was expected");
        }
        return json;
    }

    IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException((pointer.isEmpty() ? "/" : pointer) + ": " + why);
    }

    private long integer(BigInteger least, BigInteger most) {
        if (!json.isIntegralNumber()) {
            throw wrong("a whole number was expected");
        }
        BigInteger value = json.bigIntegerValue();
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw wrong("the number is outside " + least + " to " + most);
        }
        return value.longValue();
    }

    private <T> List<T> items(Function<Member, T> read) {
        if (!json.isArray()) {
            throw wrong("an array was expected");
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < json.size(); i++) {
            items.add(read.apply(new Member(pointer + "/" + i, json.get(i))));
        }
        return List.copyOf(items);
    }

    private String below(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
