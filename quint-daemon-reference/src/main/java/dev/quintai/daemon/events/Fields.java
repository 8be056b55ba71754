package dev.quintai.daemon.events;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fields of one line, each fetched with the type it must have. */
final class Fields {

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000L);

  private final Map<?, ?> fields;

  Fields(Map<?, ?> fields) {
    this.fields = fields;
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  Object value(String name) {
    return fields.get(name);
  }

  String text(String name) throws BadRecordException {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "a string");
  }

  String optionalText(String name) throws BadRecordException {
    return has(name) ? text(name) : null;
  }

  List<String> texts(String name) throws BadRecordException {
    if (!has(name)) {
      return List.of();
    }
    if (!(fields.get(name) instanceof List<?> list)) {
      throw wrong(name, "an array of strings");
    }
    List<String> texts = new ArrayList<>(list.size());
    for (Object item : list) {
      if (!(item instanceof String text)) {
        throw wrong(name, "an array of strings");
      }
      texts.add(text);
    }
    return texts;
  }

  boolean flag(String name, boolean absent) throws BadRecordException {
    if (!has(name)) {
      return absent;
    }
    if (fields.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "true or false");
  }

  long whole(String name) throws BadRecordException {
    if (fields.get(name) instanceof Long number) {
      return number;
    }
    throw wrong(name, "a whole number");
  }

  int optionalInt(String name, int absent) throws BadRecordException {
    if (!has(name)) {
      return absent;
    }
    long number = whole(name);
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      throw wrong(name, "a whole number of 32 bits");
    }
    return (int) number;
  }

  int pid(String name) throws BadRecordException {
    long pid = whole(name);
    if (pid < 0 || pid > Integer.MAX_VALUE) {
      throw wrong(name, "a process id");
    }
    return (int) pid;
  }

  /** Milliseconds since the epoch, with a fraction or not, as nanoseconds. */
  long timeNanos(String name) throws BadRecordException {
    Object value = fields.get(name);
    if (value instanceof Long millis && millis >= 0 && millis < Long.MAX_VALUE / 1_000_000L) {
      return millis * 1_000_000L;
    }
    if (value instanceof BigDecimal millis
        && millis.precision() < 40
        && millis.signum() >= 0
        && Math.abs(millis.scale()) < 40) {
      BigDecimal nanos = millis.multiply(NANOS).setScale(0, RoundingMode.FLOOR);
      if (nanos.toBigInteger().bitLength() < 63) {
        return nanos.longValue();
      }
    }
    throw wrong(name, "milliseconds since 1970");
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) throws BadRecordException {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    StringBuilder names = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      names
          .append(names.length() == 0 ? "" : ", ")
          .append(constant.name().toLowerCase(Locale.ROOT));
    }
    throw wrong(name, "one of " + names);
  }

  private BadRecordException wrong(String name, String expected) {
    return new BadRecordException(
        name, expected + (has(name) ? " was expected" : " was expected, but it is missing"));
  }
}
