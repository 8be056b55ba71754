package dev.quintai.core.spi;

import dev.quintai.core.Action;
import dev.quintai.core.Judgement;
import dev.quintai.core.event.Event;
import dev.quintai.core.event.IntentEvent;
import java.util.List;

/**
 * A gate's view of one session. All state is the session's and must be bounded.
 *
 * <p>There are two ways in. {@link #evaluate} is called as soon as the model has declared a call,
 * because the call waits for the answer. {@link #on} delivers the same call and everything else
 * again in the order of time, once the engine's allowed lateness has passed; judgements that need
 * both sides are made there.
 */
public interface SessionDetector {

  /**
   * Judges a call before it takes effect.
   *
   * @param intent the call
   * @param actions its actions, in order; never empty
   */
  default Judgement evaluate(IntentEvent intent, List<Action> actions) {
    return Judgement.ALLOW;
  }

  /** Takes the session's next event in the order of time. */
  default void on(Event event) {}

  /**
   * Time has passed: no event before {@code watermarkNanos} will come any more.
   *
   * @param watermarkNanos nanoseconds since the Unix epoch, never falling
   */
  default void advance(long watermarkNanos) {}

  /**
   * When {@link #advance} has something to do: watermarks before that time need not be told, and
   * are not told where many sessions wait. Asked after each call of {@link #on} and {@link
   * #advance}; must not throw.
   *
   * @return nanoseconds since the Unix epoch; {@link Long#MIN_VALUE}, the default, for every
   *     watermark, {@link Long#MAX_VALUE} for none
   */
  default long due() {
    return Long.MIN_VALUE;
  }

  /** No event will come any more: resolve what is open, as if time went on without events. */
  default void end() {}
}
