package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureFile;
import dev.quintai.signatures.SignatureRejectedException;
import dev.quintai.signatures.SignatureSet;
import dev.quintai.signatures.SignatureVerifier;
import dev.quintai.signatures.ThreatSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The signatures for a recording: the built-in ones, and those of files that verify. Nothing is
 * stored, and whether one has expired is told by the time of the events.
 */
public final class SignatureFiles {

  private SignatureFiles() {}

  /**
   * Reads a file, or every {@code .json} and {@code .jsonl} file of a folder.
   *
   * @param source the file or folder, or null for the built-in signatures alone
   * @param keyring whom to believe
   * @param problems told of each signature that is refused, and why
   */
  public static SignatureSet load(Path source, Path keyring, Consumer<String> problems) {
    List<LoadedSignature> loaded = new ArrayList<>(BuiltInSignatures.all());
    if (source != null) {
      SignatureVerifier verifier = new SignatureVerifier(Inputs.keyring(keyring));
      Map<String, ThreatSignature> newest = new LinkedHashMap<>();
      Instant now = Clock.systemUTC().instant();
      for (Path file : files(source)) {
        SignatureFile.read(
            Inputs.signatures(file), part -> take(part, file, verifier, now, newest, problems));
      }
      newest
          .values()
          .forEach(
              signature ->
                  loaded.add(
                      new LoadedSignature(signature, new Channel("global"), Lane.BLOCK, null)));
    }
    return SignatureSet.of(loaded, List.of());
  }

  private static void take(
      SignatureFile.Part part,
      Path file,
      SignatureVerifier verifier,
      Instant now,
      Map<String, ThreatSignature> newest,
      Consumer<String> problems) {
    SignatureRejectedException rejection = part.rejection();
    if (rejection == null) {
      try {
        newest.merge(
            part.document().id(),
            verifier.verify(part.document(), null, now),
            (old, next) -> next.version() >= old.version() ? next : old);
        return;
      } catch (SignatureRejectedException e) {
        rejection = e;
      }
    }
    problems.accept(file + ":" + part.line() + ": refused: " + rejection.getMessage());
  }

  private static List<Path> files(Path source) {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> files = Files.list(source)) {
      return files
          .filter(file -> file.toString().endsWith(".json") || file.toString().endsWith(".jsonl"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure(Failure.explain(e), e);
    }
  }
}
