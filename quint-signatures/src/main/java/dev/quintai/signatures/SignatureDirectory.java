package dev.quintai.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry's folder. Each generation of the set is a file of its own, {@code set-N.jsonl},
 * written beside its name, forced to disk and renamed into place, so that whatever happens at
 * whichever write, the last whole generation is still there. {@code versions.json} keeps the
 * highest versions a second time: losing a set must not open the door to replays. {@code lock}
 * serialises those who write.
 */
final class SignatureDirectory {

  /** How many of the newest generations are kept, beside those to which they may return. */
  static final int KEPT = 4;

  // 15 digits stay below 2^53, so that the number can stand in the file as well.
  private static final Pattern SET = Pattern.compile("set-(\\d{1,15})\\.jsonl");
  private static final String VERSIONS = "versions.json";

  private final Path folder;
  private final OwnerFiles.Steps steps;

  /**
   * What a folder holds.
   *
   * @param state the newest whole generation, with the highest versions of all that can be read
   * @param newest the highest number of any generation, whole or not
   * @param damage what could not be read, or null
   * @param versionsCertain whether no higher version than those of {@code state} can have been
   *     accepted
   */
  record Content(RegistryState state, long newest, String damage, boolean versionsCertain) {}

  SignatureDirectory(Path folder, OwnerFiles.Steps steps) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.steps = steps;
    OwnerFiles.createFolders(this.folder);
  }

  /** Keeps everybody else from writing until it is closed. Waits its turn. */
  FileHold lock() throws IOException {
    return FileHold.take(folder.resolve("lock"));
  }

  /** The highest number of any generation; 0 without one. Cheap: a look at the names. */
  long newest() throws IOException {
    List<Long> generations = generations();
    return generations.isEmpty() ? 0 : generations.get(0);
  }

  /**
   * Reads what is there.
   *
   * @param known signatures that need not be read again
   */
  Content read(Collection<LoadedSignature> known) throws IOException {
    Content content;
    do {
      content = readListed(generations(), known);
    } while (content == null);
    return content;
  }

  /** Null when another process has tidied a file away since the listing: a newer one is there. */
  private Content readListed(List<Long> generations, Collection<LoadedSignature> known)
      throws IOException {
    StringBuilder damage = new StringBuilder();
    RegistryState state = null;
    for (int i = 0; i < generations.size() && state == null; i++) {
      Path set = set(generations.get(i));
      try {
        state = decode(set, known);
      } catch (IOException e) {
        if (e instanceof NoSuchFileException && !generations.equals(generations())) {
          return null;
        }
        note(damage, set, e);
      }
    }
    return content(generations.isEmpty() ? 0 : generations.get(0), state, damage);
  }

  private Content content(long newest, RegistryState state, StringBuilder damage) {
    RegistryState versions = null;
    Path file = folder.resolve(VERSIONS);
    try (InputStream in = Files.newInputStream(file)) {
      versions = RegistryCodec.decodeVersions(in);
    } catch (NoSuchFileException e) {
      versions = newest == 0 ? RegistryState.EMPTY : null;
    } catch (IOException e) {
      note(damage, file, e);
    }
    RegistryState whole = state == null ? RegistryState.EMPTY : state;
    // Versions are written after their set: one generation behind is the trace of a crash, and
    // then the set itself, being whole, has them.
    boolean certain =
        whole.generation() == newest || (versions != null && versions.generation() >= newest);
    if (versions != null) {
      whole = whole.withHighest(RegistryState.max(whole.highest(), versions.highest()));
    }
    return new Content(whole, newest, damage.isEmpty() ? null : damage.toString(), certain);
  }

  /** The generation of that number. */
  RegistryState read(long generation, Collection<LoadedSignature> known) throws IOException {
    Path set = set(generation);
    try {
      return decode(set, known);
    } catch (IOException e) {
      throw new IOException(set + ": " + e.getMessage(), e);
    }
  }

  private static RegistryState decode(Path set, Collection<LoadedSignature> known)
      throws IOException {
    try (InputStream in = Files.newInputStream(set)) {
      return RegistryCodec.decode(in, known);
    }
  }

  /** Writes a generation, the lock being held. When it returns the generation is on disk. */
  void write(RegistryState state) throws IOException {
    tidy();
    Path set = set(state.generation());
    try {
      OwnerFiles.replace(set, out -> RegistryCodec.encode(state, out), steps);
      OwnerFiles.replace(
          folder.resolve(VERSIONS), out -> RegistryCodec.encodeVersions(state, out), steps);
    } catch (IOException e) {
      // All or nothing: a generation that its writer takes for failed must not come to life later.
      Files.deleteIfExists(set);
      throw e;
    }
    try {
      removeOld();
    } catch (IOException e) {
      return; // it is written; what could not be removed is tried again after the next
    }
  }

  /**
   * Leaves the newest generations, in case that some of them turn out damaged, and every one to
   * which any of these may be rolled back: at most {@link #KEPT} and {@link
   * ThreatSignatureRegistry#MAX_ROLLBACKS}, since each one's parents are those of the one before it
   * and that one.
   */
  private void removeOld() throws IOException {
    List<Long> generations = generations();
    List<Long> newest = generations.subList(0, Math.min(KEPT, generations.size()));
    Set<Long> kept = new HashSet<>(newest);
    for (long generation : newest) {
      kept.addAll(parents(generation));
    }
    for (long generation : generations) {
      if (!kept.contains(generation)) {
        steps.before("delete");
        Files.deleteIfExists(set(generation));
      }
    }
  }

  private List<Long> parents(long generation) {
    try (InputStream in = Files.newInputStream(set(generation))) {
      return RegistryCodec.parents(in);
    } catch (IOException e) {
      return List.of(); // a damaged one is never current, so nothing is rolled back from it
    }
  }

  private void tidy() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.tmp")) {
      for (Path path : left) {
        Files.deleteIfExists(path);
      }
    }
  }

  private List<Long> generations() throws IOException {
    List<Long> generations = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher matcher = SET.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          generations.add(Long.parseLong(matcher.group(1)));
        }
      }
    }
    generations.sort(Collections.reverseOrder());
    return generations;
  }

  private Path set(long generation) {
    return folder.resolve("set-" + generation + ".jsonl");
  }

  private static void note(StringBuilder damage, Path file, IOException e) {
    damage.append(damage.isEmpty() ? "" : "; ").append(file).append(": ").append(e.getMessage());
  }
}
