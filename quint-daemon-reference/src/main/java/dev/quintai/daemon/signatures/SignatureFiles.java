package dev.quintai.daemon.signatures;

import dev.quintai.daemon.cli.Failure;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.signatures.BuiltInSignatures;
import dev.quintai.signatures.Channel;
import dev.quintai.signatures.Lane;
import dev.quintai.signatures.LoadedSignature;
import dev.quintai.signatures.SignatureFile;
import dev.quintai.signatures.SignatureRejectedException;
import dev.quintai.signatures.SignatureSet;
import dev.quintai.signatures.SignatureVerifier;
import dev.quintai.signatures.ThreatSignature;
import dev.quintai.signatures.ThreatSignatureRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The signatures for a recording: those that {@code run} would use on the same data folder, and
 * those of files that verify. Nothing is stored, and whether one has expired is told by the time of
 * the events.
 */
public final class SignatureFiles {

  private SignatureFiles() {}

  /**
   * The set in force in a data folder, with its lanes and suppressions, and beside it the
   * signatures of a file, or of every {@code .json} and {@code .jsonl} file of a folder. What a
   * file has in place of a signature that was received before counts alone.
   *
   * @param data the data folder; where nothing was ever received, the built-in signatures alone
   * @param source the file or folder, or null for none
   * @param keyring whom to believe of it
   * @param problems told of each signature and file that is refused, and why
   */
  public static SignatureSet load(Path data, Path source, Path keyring, Consumer<String> problems) {
    SignatureSet known = inForce(data, problems);
    Map<String, ThreatSignature> newest = new LinkedHashMap<>();
    if (source != null) {
      SignatureVerifier verifier = new SignatureVerifier(Inputs.keyring(keyring));
      Instant now = Clock.systemUTC().instant();
      for (Path file : files(source)) {
        try {
          SignatureFile.read(
              Inputs.signatures(file), part -> take(part, file, verifier, now, newest, problems));
        } catch (Failure e) {
          if (file.equals(source)) {
            throw e;
          }
          problems.accept(e.getMessage()); // one bad file of a folder costs no other
        }
      }
    }
    Set<String> builtIn = new HashSet<>();
    BuiltInSignatures.all().forEach(loaded -> builtIn.add(loaded.signature().id()));
    List<LoadedSignature> loaded = new ArrayList<>();
    for (LoadedSignature one : known.signatures()) {
      String id = one.signature().id();
      if (builtIn.contains(id) || !newest.containsKey(id)) {
        loaded.add(one);
      }
    }
    for (ThreatSignature signature : newest.values()) {
      loaded.add(new LoadedSignature(signature, Channel.GLOBAL, Lane.BLOCK, null));
    }
    return SignatureSet.of(loaded, known.suppressions());
  }

  private static SignatureSet inForce(Path data, Consumer<String> problems) {
    Path folder = data.resolve(DataDirectory.SIGNATURES);
    if (!Files.isDirectory(folder)) {
      return SignatureSet.of(BuiltInSignatures.all(), List.of());
    }
    try {
      ThreatSignatureRegistry registry =
          ThreatSignatureRegistry.open(folder, BuiltInSignatures.all());
      if (registry.damage() != null) {
        problems.accept("damaged, the last whole set is loaded: " + registry.damage());
      }
      return registry.current();
    } catch (IOException e) {
      throw new Failure(folder + ": " + Failure.explain(e), e);
    }
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
          .filter(Files::isRegularFile) // to read a pipe would wait for a writer
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure(Failure.explain(e), e);
    }
  }
}
