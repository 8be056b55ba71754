package dev.quintai.core;

import dev.quintai.core.event.IntentEvent;
import java.util.List;

/**
 * Turns a tool call into actions. The default is {@link
 * dev.quintai.core.capability.CapabilityMapper}.
 */
@FunctionalInterface
public interface ActionMapper {

  /**
   * The call's actions, in order; at least one.
   *
   * @param intent the call
   * @param session the session it belongs to
   */
  List<Action> actionsOf(IntentEvent intent, Session session);
}
