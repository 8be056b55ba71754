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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Sets of signatures for commands that have no registry: from files, for one run. */
public final class SignatureLoading {
  private SignatureLoading() {}

  /** The signatures that come with the product. */
  public static SignatureSet builtIn() {
    return SignatureSet.of(BuiltInSignatures.all(), List.of());
  }

  /**
   * The built-in signatures and those of a file or folder, in the lane {@code block}. Every one is
   * checked but for its version's place and its expiry, which a recording's own time decides. Of
   * several with one id the highest version counts, of equal ones the last.
   *
   * @param from a file of signatures, or a folder whose {@code .json} and {@code .jsonl} files are
   * @param keyring the keys to believe
   * @param problems is told what was rejected, one line each
   * @throws Failure when a file cannot be read
   */
  public static SignatureSet forReplay(Path from, Path keyring, Consumer<String> problems) {
    SignatureVerifier verifier = new SignatureVerifier(Inputs.keyring(keyring));
    Map<String, LoadedSignature> found = new LinkedHashMap<>();
    for (LoadedSignature builtIn : BuiltInSignatures.all()) {
      found.put(builtIn.signature().id(), builtIn);
    }
    for (Path file : files(from)) {
      SignatureFile.read(
          Inputs.signatures(file),
          part -> {
            try {
              take(part, verifier, found);
            } catch (SignatureRejectedException e) {
              problems.accept(
                  file
                      + ":"
                      + part.line()
                      + ": rejected ("
                      + e.check().id()
                      + "): "
                      + e.getMessage());
            }
          });
    }
    return SignatureSet.of(List.copyOf(found.values()), List.of());
  }

  private static void take(
      SignatureFile.Part part, SignatureVerifier verifier, Map<String, LoadedSignature> found)
      throws SignatureRejectedException {
    if (part.rejection() != null) {
      throw part.rejection();
    }
    ThreatSignature signature = verifier.verify(part.document(), null, Clock.systemUTC().instant());
    LoadedSignature before = found.get(signature.id());
    if (before == null || before.signature().version() <= signature.version()) {
      found.put(signature.id(), new LoadedSignature(signature, Channel.GLOBAL, Lane.BLOCK, null));
    }
  }

  private static List<Path> files(Path from) {
    if (!Files.isDirectory(from)) {
      return List.of(from);
    }
    try (Stream<Path> entries = Files.list(from)) {
      return entries
          .filter(file -> file.toString().endsWith(".json") || file.toString().endsWith(".jsonl"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure(Failure.explain(e), e);
    }
  }
}
