package dev.quintai.daemon.signatures;

import dev.quintai.core.event.Arguments;
import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A session to score: {@code {"id","suite","user_goal"(optional),"calls":[{"tool","arguments"}]}}.
 * Other fields are not read.
 *
 * @param id its id
 * @param suite the agent or deployment it belongs to
 * @param goal what the user asked for, or an empty string
 * @param calls its tool calls, in order
 */
record ScoredSession(String id, String suite, String goal, List<Call> calls) {

  /** A tool call. */
  record Call(String tool, Arguments arguments) {}

  /** Reads a line; the message of the exception says what was expected. */
  static ScoredSession parse(String line) throws IOException {
    if (!(JsonTree.read(line) instanceof Map<?, ?> session)) {
      throw new IOException("a session is a JSON object");
    }
    if (!(session.get("calls") instanceof List<?> items)) {
      throw new IOException("calls: an array was expected");
    }
    List<Call> calls = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Map<?, ?> call) || !(call.get("tool") instanceof String tool)) {
        throw new IOException("calls[" + i + "].tool: a string was expected");
      }
      Object arguments = call.get("arguments");
      calls.add(
          new Call(
              tool, arguments == null ? Arguments.EMPTY : new Arguments("", arguments, false)));
    }
    return new ScoredSession(
        string(session, "id"),
        string(session, "suite"),
        session.get("user_goal") instanceof String goal ? goal : "",
        calls);
  }

  private static String string(Map<?, ?> session, String field) throws IOException {
    if (session.get(field) instanceof String text) {
      return text;
    }
    throw new IOException(field + ": a string was expected");
  }
}
