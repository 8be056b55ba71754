package dev.quintai.benchmarks.truth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program under watch does.
 *
 * @param name the case
 * @param script for {@code sh}
 * @param writesLimit what it may take with writes alone reported, by the time untraced
 * @param ebpfLimit the same while eBPF watches, NaN when that is only reported
 */
record Workload(String name, String script, double writesLimit, double ebpfLimit) {

  private static final int FOLDERS = 20;
  private static final int FILES = 1_000;
  private static final int SOURCES = 10;

  /** Makes the files that they work on. */
  static List<Workload> prepare(Path at) throws IOException {
    StringBuilder list = new StringBuilder();
    for (int folder = 0; folder < FOLDERS; folder++) {
      Path directory = Files.createDirectories(at.resolve("tree/d" + folder));
      for (int i = 0; i < FILES; i++) {
        Files.writeString(directory.resolve("f" + i), "some text\n".repeat(20));
        list.append("tree/d").append(folder).append("/f").append(i).append('\n');
      }
    }
    Files.writeString(at.resolve("list"), list);
    StringBuilder compile = new StringBuilder();
    for (int i = 0; i < SOURCES; i++) {
      Files.writeString(
          at.resolve("s" + i + ".c"),
          """
          #include <stdio.h>
          #include <stdlib.h>
          #include <string.h>
          #include <unistd.h>
          int main(void) { return printf("%d\\n", rand()) < 0; }
          """);
      compile.append("gcc -O1 s").append(i).append(".c -o s").append(i).append("; ");
    }
    return List.of(
        new Workload("compile", compile.toString(), 1.05, 1.03),
        new Workload(
            "git-loop",
            "for i in 1 2 3 4 5 6 7 8 9 10; do git status --short; git grep -c text; done >/dev/null",
            1.10,
            1.03),
        new Workload("cat-20000", "xargs cat <list >/dev/null", 1.10, 1.08),
        new Workload(
            "cat-20000-parallel-4", "xargs -P4 -n 1250 cat <list >/dev/null", 1.10, Double.NaN));
  }

  /** The repository of the git loop: a tenth of the files. */
  static List<List<String>> repository() {
    return List.of(
        List.of("git", "init", "-q", "."),
        List.of("git", "add", "tree/d0", "tree/d1"),
        List.of("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "files"),
        List.of("sh", "-c", "printf 'list\ns*\ntree\n' >.git/info/exclude"));
  }
}
