package dev.quintai.daemon.run;

import dev.quintai.core.EarlierSessions;
import dev.quintai.core.Finding;
import dev.quintai.core.Session;
import dev.quintai.core.spi.FindingSink;
import dev.quintai.daemon.events.JsonTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest sessions of this data folder, in {@code sessions.jsonl}: which have started, and the
 * agent's own session UUID of each, so that one that goes on is told from a new one.
 *
 * <p>Holds the latest 4,096; the file is written anew on closing. A line that cannot be read is
 * skipped.
 */
final class SessionLedger implements EarlierSessions, FindingSink, Closeable {
  private static final int MAX_SESSIONS = 4_096;
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  private final Path file;

  /** Session ids with the agent's own UUID, or an empty text. */
  private final Map<String, String> earlier = new LinkedHashMap<>();

  private final Map<String, Session> now = new LinkedHashMap<>();

  private SessionLedger(Path file) {
    this.file = file;
  }

  static SessionLedger open(Path file) throws IOException {
    SessionLedger ledger = new SessionLedger(file);
    if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
      for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
        ledger.read(line);
      }
    }
    return ledger;
  }

  private void read(String line) {
    try {
      if (!line.isBlank()
          && JsonTree.read(line) instanceof Map<?, ?> record
          && record.get("session") instanceof String session) {
        earlier.put(session, record.get("agentSession") instanceof String uuid ? uuid : "");
        bound(earlier);
      }
    } catch (IOException e) {
      // a line that was cut by a crash says nothing
    }
  }

  private static void bound(Map<String, ?> map) {
    if (map.size() > MAX_SESSIONS) {
      map.remove(map.keySet().iterator().next());
    }
  }

  @Override
  public synchronized boolean started(String sessionId) {
    return earlier.containsKey(sessionId);
  }

  @Override
  public synchronized String ofAgentSession(String uuid) {
    String found = null;
    for (Map.Entry<String, String> each : earlier.entrySet()) {
      found = !uuid.isEmpty() && each.getValue().equals(uuid) ? each.getKey() : found;
    }
    for (Session session : now.values()) {
      found = uuid.equals(session.get(Session.Field.AGENT_SESSION_UUID)) ? session.id() : found;
    }
    return found;
  }

  @Override
  public void accept(Finding finding) {}

  @Override
  public synchronized void sessionStarted(Session session) {
    now.put(session.id(), session);
    bound(now);
  }

  @Override
  public synchronized void sessionResumed(Session session, String before) {
    now.put(session.id(), session);
    bound(now);
  }

  @Override
  public synchronized void close() throws IOException {
    for (Session session : now.values()) {
      String uuid = session.get(Session.Field.AGENT_SESSION_UUID);
      earlier.remove(session.id());
      earlier.put(session.id(), uuid == null ? "" : uuid);
      bound(earlier);
    }
    try (Writer out = SecureFiles.replace(file)) {
      for (Map.Entry<String, String> each : earlier.entrySet()) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("session", each.getKey());
        if (!each.getValue().isEmpty()) {
          line.put("agentSession", each.getValue());
        }
        out.write(JsonTree.text(line));
        out.write('\n');
      }
    }
  }
}
