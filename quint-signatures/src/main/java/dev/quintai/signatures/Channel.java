package dev.quintai.signatures;

import java.util.regex.Pattern;

/**
 * A stream of signatures with its own keys and its own version counter: an organisation's ({@code
 * org:ID}) or the one that all share ({@code global}).
 *
 * @param name {@code global}, or {@code org:} and 1 to 128 letters, digits, dots, dashes and
 *     underscores
 */
public record Channel(String name) implements Comparable<Channel> {
  private static final Pattern NAME = Pattern.compile("global|org:[A-Za-z0-9._-]{1,128}");

  /** The channel that all organisations share. */
  public static final Channel GLOBAL = new Channel("global");

  public Channel {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a channel is global or org:ID (letters, digits, . _ -): " + name);
    }
  }

  @Override
  public int compareTo(Channel other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
