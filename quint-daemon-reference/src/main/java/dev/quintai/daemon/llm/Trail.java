package dev.quintai.daemon.llm;

import dev.quintai.core.Session;
import dev.quintai.core.Verdict;
import dev.quintai.core.event.IntentEvent;

/** Where the traffic is written down: the audit log. Thread-safe; must return quickly. */
public interface Trail {

  /** A request was sent. */
  void request(Exchange exchange, String body);

  /** A response came. */
  void response(Exchange exchange, int status, String body);

  /** A tool call was declared and judged. */
  void call(Exchange exchange, IntentEvent intent, Verdict verdict);

  /** A tool call's result was handed to the model. */
  void result(Exchange exchange, String toolUseId, String tool, boolean isError, String text);

  /**
   * What the rows of one exchange have in common.
   *
   * @param traceId the connection
   * @param host the provider's host
   * @param provider who owns the host, or null when that is not known
   * @param method the HTTP method
   * @param path the path, without its query
   * @param pid the client's process, or -1
   * @param session the session, or null
   */
  record Exchange(
      String traceId,
      String host,
      String provider,
      String method,
      String path,
      int pid,
      Session session) {}
}
