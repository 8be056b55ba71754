package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import dev.quintai.core.event.Arguments;

/**
 * The file headers of a patch: those of Codex's {@code apply_patch} ({@code *** Update File: }) and
 * those of unified diffs. Consecutive files with one capability are one step.
 */
final class PatchHeaders {
  private static final int MAX_LENGTH = 1 << 20;

  private PatchHeaders() {}

  static void add(Arguments arguments, Places places, Steps steps) {
    String patch =
        arguments.firstString("input", "patch", "patchText", "patch_text", "diff", "content");
    if (patch == null && arguments.value() instanceof String free) {
      patch = free;
    }
    if (patch == null || patch.length() > MAX_LENGTH) {
      steps.add(Capability.WRITE, ArgumentTargets.of(arguments, places));
      return;
    }
    Capability open = null;
    Target target = Target.NONE;
    for (String line : (Iterable<String>) patch.lines()::iterator) {
      Capability done = null;
      String file = null;
      if (line.startsWith("*** Update File: ") || line.startsWith("*** Add File: ")) {
        done = Capability.WRITE;
        file = line.substring(line.indexOf(':') + 2);
      } else if (line.startsWith("*** Delete File: ")) {
        done = Capability.DELETE;
        file = line.substring(line.indexOf(':') + 2);
      } else if (line.startsWith("+++ ")) {
        boolean gone = line.startsWith("/dev/null", 4);
        done = gone ? Capability.DELETE : Capability.WRITE;
        file = gone ? null : line.substring(line.startsWith("+++ b/") ? 6 : 4);
      }
      if (done == null) {
        continue;
      }
      if (open != null && open != done) {
        steps.add(open, target);
        target = Target.NONE;
      }
      open = done;
      target = target.and(places.file(file));
    }
    steps.add(open == null ? Capability.WRITE : open, target);
  }
}
