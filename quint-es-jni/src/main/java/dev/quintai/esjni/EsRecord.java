package dev.quintai.esjni;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One record of the EndpointSecurity bridge where it lies; its layout is drawn in {@code record.h}.
 * Fields are read in place; a string is copied when it is asked for, through a {@link StringCache}.
 * Not thread-safe.
 */
final class EsRecord {

  static final int PADDING = 0;
  static final int EXEC = 1;
  static final int FORK = 2;
  static final int EXIT = 3;
  static final int OPEN = 4;
  static final int CREATE = 5;
  static final int WRITE = 6;
  static final int CLOSE = 7;
  static final int RENAME = 8;
  static final int UNLINK = 9;

  static final int REFUSED = 1;
  static final int PATH_TRUNCATED = 2;
  static final int ARGV_TRUNCATED = 4;
  static final int PLATFORM_BINARY = 8;
  static final int AD_HOC = 16;
  static final int ES_CLIENT = 32;
  static final int UNDECIDED = 64;
  static final int WATCHED = 128;

  static final int LENGTH = 0;
  static final int KIND = 4;
  static final int MAX = 64 * 1024;
  static final int FIXED = 104;
  static final int FIXED_EXEC = 144;
  static final int CDHASH_BYTES = 20;

  private static final int FLAGS = 6;
  private static final int TIME = 8;
  private static final int LOST = 16;
  private static final int GLOBAL_SEQUENCE = 24;
  private static final int SEQUENCE = 32;
  private static final int PID = 40;
  private static final int PID_VERSION = 44;
  private static final int START_US = 48;
  private static final int PPID = 56;
  private static final int RESPONSIBLE_PID = 60;
  private static final int EUID = 64;
  private static final int VALUE = 68;
  private static final int OTHER_PID = 72;
  private static final int OTHER_PID_VERSION = 76;
  private static final int OTHER_START_US = 80;
  private static final int PATH_LENGTH = 88;
  private static final int EXTRA_LENGTH = 92;
  private static final int EXE_LENGTH = 96;
  private static final int VERSION = 100;
  private static final int CDHASH = 104;
  private static final int ARGUMENT_COUNT = 124;
  private static final int ARGUMENTS_HERE = 128;
  private static final int SIGNING_ID_LENGTH = 132;
  private static final int TEAM_ID_LENGTH = 136;
  private static final int ARGV_LENGTH = 140;

  private final ByteBuffer memory;
  private int base;

  /** Reads from this memory, which is set to little-endian; its position is moved. */
  EsRecord(ByteBuffer memory) {
    this.memory = memory.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where it begins. */
  int index() {
    return base;
  }

  /** The record that begins there. */
  EsRecord at(int index) {
    base = index;
    return this;
  }

  /**
   * Whether it is a record at all: a known kind, and lengths that add up. What comes out of our own
   * ring is; what others send must be checked.
   */
  boolean wellFormed() {
    int length = memory.getInt(base);
    boolean exec = kind() == EXEC;
    if (kind() < EXEC || kind() > UNLINK || length > MAX || length < (exec ? FIXED_EXEC : FIXED)) {
      return false;
    }
    long sum =
        (exec ? FIXED_EXEC : FIXED)
            + unsigned(PATH_LENGTH)
            + unsigned(EXTRA_LENGTH)
            + unsigned(EXE_LENGTH);
    if (exec) {
      sum += unsigned(SIGNING_ID_LENGTH) + unsigned(TEAM_ID_LENGTH) + unsigned(ARGV_LENGTH);
    }
    return ((sum + 7) & ~7L) == length && (!exec || argumentsFit()) && start(START_US) >= -1;
  }

  private long unsigned(int offset) {
    return Integer.toUnsignedLong(memory.getInt(base + offset));
  }

  private boolean argumentsFit() {
    long left = unsigned(ARGV_LENGTH);
    long count = unsigned(ARGUMENTS_HERE);
    int at = argvAt();
    for (; count > 0 && left >= Integer.BYTES; count--) {
      long argument = Integer.BYTES + Integer.toUnsignedLong(memory.getInt(at));
      left -= argument;
      if (left < 0) {
        return false;
      }
      at += (int) argument;
    }
    return count == 0 && left == 0;
  }

  int kind() {
    return memory.getShort(base + KIND);
  }

  boolean has(int flag) {
    return (memory.getShort(base + FLAGS) & flag) != 0;
  }

  /** Nanoseconds since the Unix epoch. */
  long timeNanos() {
    return memory.getLong(base + TIME);
  }

  /** How many events were lost before this one since the client began. */
  long lost() {
    return memory.getLong(base + LOST);
  }

  /** {@code global_seq_num}, or -1. */
  long globalSequence() {
    return memory.getLong(base + GLOBAL_SEQUENCE);
  }

  /** {@code seq_num}, or -1. */
  long sequence() {
    return memory.getLong(base + SEQUENCE);
  }

  int pid() {
    return memory.getInt(base + PID);
  }

  int pidVersion() {
    return memory.getInt(base + PID_VERSION);
  }

  /** Milliseconds since the epoch, floored, or -1. */
  long startMs() {
    return start(START_US);
  }

  private long start(int offset) {
    long micros = memory.getLong(base + offset);
    return micros < 0 ? micros : micros / 1000;
  }

  int ppid() {
    return memory.getInt(base + PPID);
  }

  int responsiblePid() {
    return memory.getInt(base + RESPONSIBLE_PID);
  }

  int euid() {
    return memory.getInt(base + EUID);
  }

  /** Wait status of an exit, flags of an open. */
  int value() {
    return memory.getInt(base + VALUE);
  }

  int otherPid() {
    return memory.getInt(base + OTHER_PID);
  }

  int otherPidVersion() {
    return memory.getInt(base + OTHER_PID_VERSION);
  }

  long otherStartMs() {
    return start(OTHER_START_US);
  }

  /** Version of the message that it was made from. */
  int version() {
    return Short.toUnsignedInt(memory.getShort(base + VERSION));
  }

  int pathLength() {
    return memory.getInt(base + PATH_LENGTH);
  }

  String path(StringCache strings) {
    return string(strings, fixed(), pathLength());
  }

  /** Working directory of an exec, new path of a rename; empty where there is none. */
  String extra(StringCache strings) {
    return string(strings, fixed() + pathLength(), memory.getInt(base + EXTRA_LENGTH));
  }

  /** Executable of a process that nobody has decided about; else empty. */
  String exe(StringCache strings) {
    return string(strings, exeAt(), memory.getInt(base + EXE_LENGTH));
  }

  /** Of an exec only. */
  String signingId(StringCache strings) {
    return string(strings, signingIdAt(), memory.getInt(base + SIGNING_ID_LENGTH));
  }

  /** Of an exec only. */
  String teamId(StringCache strings) {
    return string(
        strings,
        signingIdAt() + memory.getInt(base + SIGNING_ID_LENGTH),
        memory.getInt(base + TEAM_ID_LENGTH));
  }

  /** Of an exec only: how many arguments it was given. */
  int argumentCount() {
    return memory.getInt(base + ARGUMENT_COUNT);
  }

  /** Of an exec only: the arguments that are here. */
  List<String> argv(StringCache strings) {
    int count = memory.getInt(base + ARGUMENTS_HERE);
    List<String> argv = new ArrayList<>(Math.min(count, 64));
    int at = argvAt() - base;
    for (int i = 0; i < count; i++) {
      int length = memory.getInt(base + at);
      argv.add(string(strings, at + Integer.BYTES, length));
      at += Integer.BYTES + length;
    }
    return argv;
  }

  /** Of an exec only: copies the code directory's hash. */
  void cdhash(byte[] to) {
    memory.get(base + CDHASH, to, 0, CDHASH_BYTES);
  }

  private int fixed() {
    return kind() == EXEC ? FIXED_EXEC : FIXED;
  }

  private int exeAt() {
    return fixed() + pathLength() + memory.getInt(base + EXTRA_LENGTH);
  }

  private int signingIdAt() {
    return exeAt() + memory.getInt(base + EXE_LENGTH);
  }

  private int argvAt() {
    return base
        + signingIdAt()
        + memory.getInt(base + SIGNING_ID_LENGTH)
        + memory.getInt(base + TEAM_ID_LENGTH);
  }

  private String string(StringCache strings, int offset, int length) {
    memory.position(base + offset);
    return strings.get(memory, length);
  }
}
