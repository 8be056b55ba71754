package dev.quintai.daemon.cli;

import dev.quintai.core.FinalFindings;
import dev.quintai.core.Finding;
import dev.quintai.core.QuintEngine;
import dev.quintai.core.Severity;
import dev.quintai.daemon.events.EventFile;
import dev.quintai.daemon.events.FindingWriter;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.daemon.run.Gates;
import dev.quintai.daemon.run.Memory;
import dev.quintai.daemon.signatures.SignatureFiles;
import dev.quintai.daemon.signatures.Suppressed;
import dev.quintai.fingerprint.FingerprintDetector;
import dev.quintai.signatures.SignatureDetector;
import dev.quintai.signatures.SignatureSet;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quint replay}: the findings of a recording. */
@Command(
    name = "replay",
    description =
        "Prints the findings of recorded events (JSON Lines), each once, in its final state.")
final class ReplayCommand implements Callable<Integer> {

  @Option(
      names = "--signatures",
      paramLabel = "FILE-OR-DIR",
      description =
          "Threat signatures beside those of the data folder and the built-in ones; needs --keyring.")
  Path signatures;

  @Option(names = "--keyring", paramLabel = "FILE", description = "The keys to believe.")
  Path keyring;

  @Option(
      names = "--with-fingerprint",
      description =
          "Judges by the fingerprints of the data folder, as run --with-fingerprint does.")
  boolean withFingerprint;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data folder, whose signatures, lanes and suppressions count as in run (default:"
              + " ~/.quint).")
  Path data = DataDirectory.standard();

  @Option(names = "--session", paramLabel = "ID", description = "Only findings of this session.")
  String session;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "Exit 1 when a finding is this severe or more: ${COMPLETION-CANDIDATES}.")
  Severity failOn;

  @Parameters(paramLabel = "EVENTS.jsonl", description = "The recording.")
  Path events;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (signatures != null && keyring == null) {
      throw new ParameterException(
          spec.commandLine(), "--signatures needs --keyring: nothing unsigned is believed");
    }
    PrintWriter err = spec.commandLine().getErr();
    SignatureSet set = SignatureFiles.load(data, signatures, keyring, err::println);
    SignatureDetector matching = new SignatureDetector(() -> set);
    long bad;
    FinalFindings found = new FinalFindings(Gates.MAX_FINDINGS);
    try (Memory memory =
            withFingerprint ? Memory.open(DataDirectory.open(data), false, err::println) : null;
        QuintEngine engine =
            Gates.engine(
                    matching, memory == null ? FingerprintDetector.cold() : memory.remembering())
                .sink(found)
                .build()) {
      bad = EventFile.read(events, engine::accept, err::println);
    }
    Suppressed.tell(matching, told -> err.println("quint: " + told));
    boolean failed = false;
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            false,
            StandardCharsets.UTF_8);
    for (Finding finding : found.sorted()) {
      if (session == null || session.equals(finding.session())) {
        out.print(FindingWriter.line(finding));
        out.print('\n');
        failed |= failOn != null && finding.severity().compareTo(failOn) >= 0;
      }
    }
    if (out.checkError()) {
      throw new IOException("standard output cannot be written");
    }
    return failed || bad > 0 ? ExitCode.FOUND : ExitCode.DONE;
  }
}
