package dev.quintai.esjni;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Native producers ({@code src/main/c/transport.c}), compiled when they are needed. */
final class TransportProducer {

  static long sum;

  private TransportProducer() {}

  /** Compiles and loads them. */
  static void load() throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("quint.root", "."));
    Path jdk = Path.of(System.getProperty("java.home"));
    Path library = Files.createTempFile("quint-transport", ".so");
    Process compiler =
        new ProcessBuilder(
                List.of(
                    "gcc",
                    "-std=gnu11",
                    "-D_GNU_SOURCE",
                    "-O2",
                    "-fPIC",
                    "-shared",
                    "-pthread",
                    "-I" + root.resolve("quint-es-jni/src/main/c/es"),
                    "-I" + jdk.resolve("include"),
                    "-I" + jdk.resolve("include/linux"),
                    root.resolve("benchmarks/src/main/c/transport.c").toString(),
                    "-o",
                    library.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
      throw new IOException("transport.c cannot be compiled; gcc and a JDK's headers are needed");
    }
    System.load(library.toString());
    Files.delete(library);
  }

  static native boolean ring(ByteBuffer memory);

  static native boolean socket(String path);

  static native void finish();

  static native void upcalls(int events, boolean strings);

  /** Receives an upcall. */
  static void event(
      int kind, int pid, long startMs, long time, long number, long flags, String path) {
    sum += kind + pid + startMs + time + number + flags + (path == null ? 0 : path.length());
  }
}
