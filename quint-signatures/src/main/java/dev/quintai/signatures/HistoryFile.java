package dev.quintai.signatures;

import dev.quintai.signatures.json.CanonicalJson;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The file of a {@link BenignHistory}: JSON Lines, a session each, the eldest first. */
final class HistoryFile {

  /** What a file of the largest history can have, twice. */
  private static final int MAX_BYTES = 64 << 20;

  private static final StrictJson READER = new StrictJson(new JsonLimits(8 << 10, 4, 4 << 10, 16));

  private final Path file;

  HistoryFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * What a file holds.
   *
   * @param sessions those that can be read
   * @param unreadable how many lines cannot
   */
  record Content(List<BenignSession> sessions, int unreadable) {}

  Content read() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES);
    } catch (NoSuchFileException e) {
      return new Content(List.of(), 0);
    }
    List<BenignSession> sessions = new ArrayList<>();
    int unreadable = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        BenignSession session = session(line);
        if (session == null) {
          unreadable++;
        } else {
          sessions.add(session);
        }
      }
    }
    return new Content(sessions, unreadable);
  }

  private static BenignSession session(String line) {
    try {
      Map<?, ?> map = (Map<?, ?>) READER.read(line);
      return new BenignSession(
          (String) map.get("session"),
          (String) map.get("platform"),
          Math.toIntExact((Long) map.get("depth")),
          (String) map.get("steps"));
    } catch (JsonProblem | RuntimeException e) {
      return null; // counted by the caller: one bad line costs one session
    }
  }

  /** Replaces the sessions by what becomes of them; others that write wait their turn. */
  List<BenignSession> update(UnaryOperator<List<BenignSession>> change) throws IOException {
    OwnerFiles.createFolders(file.getParent());
    try (FileHold hold = FileHold.take(file.resolveSibling(file.getFileName() + ".lock"))) {
      Objects.requireNonNull(hold);
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".tmp"));
      List<BenignSession> after = change.apply(read().sessions());
      StringBuilder text = new StringBuilder();
      for (BenignSession session : after) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("session", session.session());
        line.put("platform", session.platform());
        line.put("depth", (long) session.depth());
        line.put("steps", session.steps());
        text.append(CanonicalJson.write(line)).append('\n');
      }
      byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
      OwnerFiles.replace(file, out -> out.write(content), OwnerFiles.Steps.UNTOLD);
      return after;
    }
  }
}
