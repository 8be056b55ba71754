package dev.quintai.daemon.parse;

import dev.quintai.parsers.Conversation;
import dev.quintai.parsers.Conversations;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Reads recorded exchanges, one a line, and prints what each says, one a line, in order.
 *
 * <p>Exit status: 0 all read, 1 a line could not be read (the others were), 2 usage or unreadable
 * input.
 */
@Command(
    name = "parse",
    description = "Prints the conversations in recorded exchanges with language models.",
    mixinStandardHelpOptions = true)
public final class ParseCommand implements Callable<Integer> {

  /** A line longer than this is no exchange that any of the APIs takes. */
  private static final int MAX_LINE = 512 << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description =
          "Hand bodies to the parsers N bytes at a time. The output does not depend on it.")
  private Integer chunk;

  @Parameters(
      index = "0",
      paramLabel = "EXCHANGES.jsonl",
      description = "One HTTP exchange a line, as JSON.")
  private Path file;

  /** For picocli. */
  public ParseCommand() {}

  @Override
  public Integer call() throws IOException {
    if (chunk != null && chunk < 1) {
      throw new ParameterException(
          spec.commandLine(), "--chunk: expected at least 1, not " + chunk);
    }
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    InputStream in;
    long size;
    try {
      size = Files.size(file);
      in = Files.newInputStream(file);
      if (Files.isDirectory(file)) {
        throw new IOException("it is a directory");
      }
    } catch (NoSuchFileException e) {
      err.println("quint parse: " + file + ": no such file");
      return 2;
    } catch (IOException e) {
      err.println("quint parse: " + file + ": cannot be read: " + e.getMessage());
      return 2;
    }
    try (ByteLines lines = new ByteLines(in, MAX_LINE);
        OutputStream out =
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)) {
      return run(lines, out, err, new Progress(err, size));
    }
  }

  private int run(ByteLines lines, OutputStream out, PrintStream err, Progress progress)
      throws IOException {
    Conversations conversations = Conversations.standard().withDecoders(RecordedEncodings.all());
    if (chunk != null) {
      conversations = conversations.withChunk(chunk);
    }
    ExchangeReader reader = new ExchangeReader();
    ConversationWriter writer = new ConversationWriter(out);
    long bad = 0;
    while (lines.next()) {
      if (lines.blank() && !lines.over()) {
        continue;
      }
      try {
        if (lines.over()) {
          throw new ExchangeReader.BadLine("line longer than " + MAX_LINE + " bytes");
        }
        ExchangeReader.Line line = reader.read(lines.bytes(), lines.start(), lines.end());
        Conversation conversation;
        try {
          conversation = conversations.parse(line.exchange());
        } catch (IOException e) {
          throw new ExchangeReader.BadLine("body: " + e.getMessage());
        }
        writer.write(line.id(), conversation);
      } catch (ExchangeReader.BadLine e) {
        bad++;
        progress.clear();
        err.println("quint parse: " + file + ":" + lines.number() + ": " + e.getMessage());
      }
      progress.at(lines.bytesRead(), lines.number());
    }
    writer.flush();
    progress.clear();
    return bad == 0 ? 0 : 1;
  }
}
