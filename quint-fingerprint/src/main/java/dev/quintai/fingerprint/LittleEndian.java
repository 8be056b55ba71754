package dev.quintai.fingerprint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers in a byte array, little-endian on every machine, at any alignment. Each method is one
 * bounds-checked memory access once compiled.
 */
final class LittleEndian {
  private static final VarHandle CHAR =
      MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int u16(byte[] memory, int at) {
    return (char) CHAR.get(memory, at);
  }

  static void u16(byte[] memory, int at, int value) {
    CHAR.set(memory, at, (char) value);
  }

  static int i32(byte[] memory, int at) {
    return (int) INT.get(memory, at);
  }

  static void i32(byte[] memory, int at, int value) {
    INT.set(memory, at, value);
  }

  static long i64(byte[] memory, int at) {
    return (long) LONG.get(memory, at);
  }

  static void i64(byte[] memory, int at, long value) {
    LONG.set(memory, at, value);
  }

  static float f32(byte[] memory, int at) {
    return Float.intBitsToFloat((int) INT.get(memory, at));
  }

  static void f32(byte[] memory, int at, float value) {
    INT.set(memory, at, Float.floatToRawIntBits(value));
  }

  static double f64(byte[] memory, int at) {
    return Double.longBitsToDouble((long) LONG.get(memory, at));
  }

  static void f64(byte[] memory, int at, double value) {
    LONG.set(memory, at, Double.doubleToRawLongBits(value));
  }
}
