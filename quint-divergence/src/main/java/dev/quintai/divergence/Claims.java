package dev.quintai.divergence;

import dev.quintai.core.event.IntentEvent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a call declares, in a person's words. */
final class Claims {
  private Claims() {}

  static String of(IntentEvent event, DeclaredEffects effects) {
    if (effects.line() != null) {
      return event.tool() + ": " + effects.line().text();
    }
    String written = event.arguments().firstString(EffectModel.PATHS);
    if (written != null) {
      return event.tool() + ": " + written;
    }
    Set<String> targets = new LinkedHashSet<>();
    for (FileEffect file : effects.files()) {
      targets.add(file.path());
    }
    targets.addAll(effects.hosts());
    if (targets.isEmpty()) {
      return event.tool();
    }
    List<String> shown = new ArrayList<>(targets);
    if (shown.size() > 8) {
      shown = new ArrayList<>(shown.subList(0, 8));
      shown.add("\u2026");
    }
    return event.tool() + ": " + String.join(", ", shown);
  }
}
