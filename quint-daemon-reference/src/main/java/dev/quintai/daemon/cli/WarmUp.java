package dev.quintai.daemon.cli;

import dev.quintai.daemon.demo.DemoCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Loads the classes that most commands need, for the launcher's class-data archive. Not a command:
 * the launcher calls it once after a build.
 */
final class WarmUp {

  private static final String EVENTS =
      """
      {"type":"agent","timeMs":1000,"pid":2,"startMs":900,"ppid":1,"platform":"claude-code","exe":"/usr/bin/claude","cwd":"/w","home":"/home/u"}
      {"type":"intent","timeMs":1100,"pid":2,"toolUseId":"t1","tool":"Bash","arguments":{"command":"cat a.txt | sort > b.txt && curl -s https://example.org/"},"provider":"anthropic","model":"m","vantage":"proxy"}
      {"type":"fork","timeMs":1200,"pid":2,"startMs":900,"childPid":3,"childStartMs":1200}
      {"type":"exec","timeMs":1201,"pid":3,"startMs":1200,"ppid":2,"exe":"/usr/bin/cat","argv":["cat","/home/u/.ssh/id_rsa"],"cwd":"/w","uid":501}
      {"type":"file","timeMs":1202,"pid":3,"startMs":1200,"op":"open","path":"/home/u/.ssh/id_rsa","access":"read"}
      {"type":"connect","timeMs":1203,"pid":3,"startMs":1200,"remoteIp":"203.0.113.7","remotePort":443}
      {"type":"exit","timeMs":1204,"pid":3,"startMs":1200,"exitCode":0}
      {"type":"intentResult","timeMs":1300,"toolUseId":"t1","isError":false}
      """;

  private WarmUp() {}

  static int run(CommandLine command) {
    try {
      Path folder = Files.createTempDirectory("quint-warm-up-");
      Path file = folder.resolve("events.jsonl");
      try {
        Files.writeString(file, EVENTS);
        command.execute("--help");
        command.execute("run", "--help");
        command.execute("flow", file.toString());
        command.execute("audit", "verify", file.toString());
        command.execute("replay", file.toString());
        // an agent under watch, its traffic and its system calls: what stands between a person who
        // types quint run and the agent's first line is mostly the loading of classes
        return command.execute("demo", "--data", folder.resolve("data").toString());
      } finally {
        DemoCommand.delete(folder);
      }
    } catch (IOException e) {
      return ExitCode.USAGE;
    }
  }
}
