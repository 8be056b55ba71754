package dev.quintai.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises: its program compiles and finds what it says, its commands exist. */
class ReadmeTest {

  private static final Pattern PROGRAM =
      Pattern.compile("<!-- This block is compiled[^\n]*-->\n```java\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern COMMAND = Pattern.compile("`(?:\\./)?quint ([a-z-]+)");

  @TempDir Path folder;

  private static String readme() throws Exception {
    return Files.readString(Path.of("..", "README.md"));
  }

  @Test
  void theProgramCompilesAndFindsWhatNobodyDeclared() throws Exception {
    Matcher block = PROGRAM.matcher(readme());
    assertThat(block.find()).as("the marked block").isTrue();
    String program = block.group(1);
    long lines =
        program
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("import") && !line.startsWith("}"))
            .count();
    assertThat(lines).as("lines to embed it").isLessThanOrEqualTo(20);
    // a main class in the same package is the caller that the text leaves out
    String caller =
        "\nclass Caller { public static void main(String[] a) {"
            + " Embedded.watch(1_777_085_379_500L, Origin.of(\"test\")); } }\n";
    Path source = Files.writeString(folder.resolve("Embedded.java"), program + caller);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(source);
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString());
      assertThat(compiler.getTask(messages, files, null, options, null, units).call())
          .as(messages.toString())
          .isTrue();
    }
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Method main = loader.loadClass("Caller").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("/usr/bin/curl");
  }

  @Test
  void theCommandsExist() throws Exception {
    TreeSet<String> named = new TreeSet<>();
    Matcher commands = COMMAND.matcher(readme());
    while (commands.find()) {
      named.add(commands.group(1));
    }
    assertThat(named).contains("run", "demo", "watch", "replay", "doctor");
    String help = dev.quintai.daemon.cli.HelpText.get();
    assertThat(named).allMatch(name -> help.contains("\n  " + name + " "), "listed in --help");
  }

  @Test
  void theFilesThatItNamesAreThere() throws Exception {
    Matcher links = Pattern.compile("\\]\\(([^):]+)\\)").matcher(readme());
    while (links.find()) {
      assertThat(Path.of("..", links.group(1))).exists();
    }
  }
}
