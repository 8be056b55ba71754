package dev.quintai.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quintai.core.event.ProcessExec;
import dev.quintai.daemon.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandFileTest {

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void real() throws IOException {
    folder = temporary.toRealPath();
  }

  private Path file(String name, String modes, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    return file;
  }

  @Test
  void theFirstExecutableOfThePathIsTaken() throws Exception {
    file("one/tool", "rw-------", "");
    Path second = file("two/tool", "rwx------", "");
    file("three/tool", "rwx------", "");
    String path = folder.resolve("none") + ":" + folder + "/one:two:" + folder + "/three";
    assertThat(CommandFile.find("tool", path, folder)).isEqualTo(second);
  }

  @Test
  void anEmptyPartOfThePathIsTheWorkingFolder() throws Exception {
    Path tool = file("tool", "rwx------", "");
    assertThat(CommandFile.find("tool", "/nowhere:", folder).normalize()).isEqualTo(tool);
  }

  @Test
  void whatCannotBeRunIsToldByName() throws Exception {
    file("bin/plain", "rw-------", "");
    String path = folder.resolve("bin").toString();
    assertThatThrownBy(() -> CommandFile.find("none", path, folder))
        .isInstanceOf(Failure.class)
        .hasMessage("\"none\": command not found in PATH");
    assertThatThrownBy(() -> CommandFile.find("", path, folder)).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> CommandFile.find("plain", path, folder))
        .isInstanceOf(Failure.class)
        .hasMessage(folder.resolve("bin/plain") + ": not executable");
    assertThatThrownBy(() -> CommandFile.find("./none", path, folder))
        .isInstanceOf(Failure.class)
        .hasMessage("./none: no such file");
    assertThatThrownBy(() -> CommandFile.find("bin/plain", path, folder))
        .isInstanceOf(Failure.class)
        .hasMessage("bin/plain: not executable");
    assertThatThrownBy(() -> CommandFile.find("./bin", path, folder))
        .isInstanceOf(Failure.class)
        .hasMessage("./bin: not executable");
  }

  @Test
  void behindAScriptIsItsInterpreter() throws Exception {
    assertThat(preview("#!/usr/bin/node --flag\ncode")).containsExactly("/usr/bin/node", "--flag");
    assertThat(preview("#!/usr/bin/env node\n")).containsExactly("node");
    assertThat(preview("#! /usr/bin/env -S node --no-warnings\n")).containsExactly("node");
    assertThat(preview("#!/usr/bin/env -S A=b python3 -u\r\n")).containsExactly("python3");
    assertThat(preview("#!/bin/sh")).containsExactly("/bin/sh");
  }

  private List<String> preview(String text) throws IOException {
    Path script = file("script", "rwx------", text);
    ProcessExec exec = CommandFile.preview(script, List.of("script", "a"));
    int at = exec.argv().indexOf(script.toString());
    assertThat(exec.argv().subList(at, exec.argv().size())).containsExactly(script.toString(), "a");
    assertThat(exec.exe()).isEqualTo(exec.argv().get(0));
    return exec.argv().subList(0, at);
  }

  @Test
  void aProgramIsItselfHoweverItBegins() throws Exception {
    for (String text : List.of("", "#!", "#!\n", "#!   \n", "\u007fELF")) {
      Path program = file("program", "rwx------", text);
      ProcessExec exec = CommandFile.preview(program, List.of("program", "a"));
      assertThat(exec.exe()).isEqualTo(program.toString());
      assertThat(exec.argv()).containsExactly("program", "a");
    }
  }

  @Test
  void linksAreFollowed() throws Exception {
    Path program = file("program", "rwx------", "x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), program);
    assertThat(CommandFile.preview(link, List.of("link")).exe()).isEqualTo(program.toString());
  }
}
