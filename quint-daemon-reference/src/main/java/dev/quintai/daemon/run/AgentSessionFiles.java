package dev.quintai.daemon.run;

import dev.quintai.core.QuintEngine;
import dev.quintai.core.Session;
import dev.quintai.daemon.events.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What Claude Code writes about its own sessions: {@code ~/.claude/sessions/PID.json} with {@code
 * pid}, {@code sessionId}, {@code cwd}, {@code startedAt} (milliseconds), {@code kind} and {@code
 * name}.
 *
 * <p>The agent can write there what it likes, so the file is hostile input: a regular file of at
 * most 64 KiB, values of a fixed form, and the lowest rank but the scanner's. A file that another
 * process with the same pid has left behind is told by its {@code startedAt}.
 */
final class AgentSessionFiles {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_NAME = 200;

  /** How much earlier than its process a session may say that it started. */
  private static final long CLOCK_MILLIS = 5_000;

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern KIND = Pattern.compile("[a-z][a-z_-]{0,31}");

  private AgentSessionFiles() {}

  /** Looks at the files of all sessions that may have one. */
  static void look(QuintEngine engine) {
    for (Session session : engine.sessions().sessions()) {
      String home = session.home();
      if (session.platform().equals("claude-code") && home != null && home.startsWith("/")) {
        look(engine, session, Path.of(home, ".claude", "sessions"));
      }
    }
  }

  static void look(QuintEngine engine, Session session, Path folder) {
    int pid = session.agentProcess().pid();
    Map<?, ?> file = read(folder.resolve(pid + ".json"));
    if (file == null || !Long.valueOf(pid).equals(file.get("pid"))) {
      return;
    }
    if (file.get("startedAt") instanceof Long started
        && started < session.agentProcess().startMs() - CLOCK_MILLIS) {
      return;
    }
    offer(engine, session, Session.Field.AGENT_SESSION_UUID, form(file.get("sessionId"), UUID));
    offer(engine, session, Session.Field.SESSION_KIND, form(file.get("kind"), KIND));
    offer(engine, session, Session.Field.SESSION_NAME, name(file.get("name")));
    if (file.get("cwd") instanceof String cwd && cwd.startsWith("/") && cwd.length() <= 4096) {
      offer(engine, session, Session.Field.WORKING_DIR, cwd);
    }
  }

  private static void offer(
      QuintEngine engine, Session session, Session.Field field, String value) {
    if (value != null && !value.equals(session.get(field))) {
      engine.describe(session.id(), field, value, Session.Source.AGENT_FILES);
    }
  }

  private static String form(Object value, Pattern pattern) {
    return value instanceof String text && pattern.matcher(text).matches() ? text : null;
  }

  /** A name that a person gave, without what could move a cursor. */
  private static String name(Object value) {
    if (!(value instanceof String text) || text.isBlank()) {
      return null;
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
        .limit(MAX_NAME)
        .forEach(safe::appendCodePoint);
    return safe.toString().strip();
  }

  private static Map<?, ?> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        return null;
      }
      return JsonTree.read(new String(bytes, StandardCharsets.UTF_8)) instanceof Map<?, ?> map
          ? map
          : null;
    } catch (IOException e) {
      return null; // half written, or none of ours: the next look may find it whole
    }
  }
}
