package dev.quintai.signatures;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  /** How many generations are kept. */
  static final int KEPT = 4;

  private static final Pattern SET = Pattern.compile("set-(\\d{1,18})\\.jsonl");
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

  Content read() throws IOException {
    List<Long> generations = generations();
    long newest = generations.isEmpty() ? 0 : generations.get(0);
    StringBuilder damage = new StringBuilder();
    RegistryState state = null;
    for (long generation : generations) {
      try {
        state = RegistryCodec.decode(Files.readAllBytes(set(generation)));
        break;
      } catch (RegistryCodec.DamagedException e) {
        note(damage, set(generation), e);
      } catch (NoSuchFileException e) {
        // Another process has tidied it away since the listing: a newer one is there.
        return read();
      }
    }
    RegistryState versions = null;
    try {
      versions = RegistryCodec.decodeVersions(Files.readAllBytes(folder.resolve(VERSIONS)));
    } catch (RegistryCodec.DamagedException e) {
      note(damage, folder.resolve(VERSIONS), e);
    } catch (NoSuchFileException e) {
      versions = newest == 0 ? RegistryState.EMPTY : null;
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
  RegistryState read(long generation) throws IOException {
    return RegistryCodec.decode(Files.readAllBytes(set(generation)));
  }

  /** Writes a generation, the lock being held. When it returns the generation is on disk. */
  void write(RegistryState state) throws IOException {
    tidy();
    try {
      OwnerFiles.replace(set(state.generation()), RegistryCodec.encode(state), steps);
      OwnerFiles.replace(folder.resolve(VERSIONS), RegistryCodec.encodeVersions(state), steps);
    } catch (IOException e) {
      // All or nothing: a generation that its writer takes for failed must not come to life later.
      Files.deleteIfExists(set(state.generation()));
      throw e;
    }
    removeOld(state);
  }

  private void removeOld(RegistryState state) throws IOException {
    List<Long> generations = generations();
    for (int i = KEPT; i < generations.size(); i++) {
      if (generations.get(i) != state.parent()) {
        steps.before("delete");
        Files.deleteIfExists(set(generations.get(i)));
      }
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
