package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quintai.core.event.FileEvent;
import dev.quintai.core.event.FileEvent.Access;
import dev.quintai.core.event.FileEvent.Op;
import dev.quintai.core.event.ProcessExec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to open, make, rename or remove a file, done by one system call. */
class LinuxTraceFilesTest {

  @TempDir Path temp;
  private Path work;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    work = Files.createDirectory(temp.toRealPath().resolve("work"));
    file = Files.writeString(work.resolve("file"), "content");
  }

  private FileEvent only(Traced traced) {
    List<FileEvent> events = traced.files(work);
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private void assertOpened(FileEvent event, Op op, Access access, Path path) {
    assertThat(event.op()).isEqualTo(op);
    assertThat(event.access()).isEqualTo(access);
    assertThat(event.path()).isEqualTo(path.toString());
  }

  @Test
  void opensAreToldWithTheirAccess() throws Exception {
    assertOpened(only(Acts.run(temp, "open", file)), Op.OPEN, Access.READ, file);
    assertOpened(only(Acts.run(temp, "append", file)), Op.OPEN, Access.WRITE, file);
    assertOpened(only(Acts.run(temp, "openat2", file)), Op.OPEN, Access.WRITE, file);
    assertOpened(only(Acts.run(temp, "openat", work, "file")), Op.OPEN, Access.READWRITE, file);
  }

  @Test
  void aPathIsToldOnceWhenItWasAskedForAsItIs() throws Exception {
    assertThat(only(Acts.run(temp, "open", file)).requestedPath()).isNull();
    assertThat(only(Acts.run(temp, "open", "work/file")).requestedPath()).isNull();
    assertThat(only(Acts.run(temp, "open", "./work/../work//file")).requestedPath()).isNull();
  }

  /** A look that is made late must see what the open saw. */
  @Test
  void whatIsThereOnlyForAMomentIsTold() throws Exception {
    Path fleeting = work.resolve("fleeting");

    Traced traced = Acts.run(temp, "fleeting", fleeting, 1000);

    assertThat(traced.exitCode()).isZero();
    List<Op> once = List.of(Op.CREATE, Op.OPEN, Op.UNLINK);
    List<Op> all = Collections.nCopies(1000, once).stream().flatMap(List::stream).toList();
    assertThat(traced.files(work)).extracting(FileEvent::op).isEqualTo(all);
  }

  @Test
  void whatIsAwayForAMomentIsNotTold() throws Exception {
    Traced traced = Acts.run(temp, "fleeting-directory", work, "file", 1000);

    assertThat(traced.exitCode()).isZero();
    List<Op> once = List.of(Op.OPEN, Op.RENAME, Op.RENAME);
    List<Op> all = Collections.nCopies(1000, once).stream().flatMap(List::stream).toList();
    assertThat(traced.files(work)).extracting(FileEvent::op).isEqualTo(all);
  }

  @Test
  void whatIsClosedForAMomentIsNotTold() throws Exception {
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path closed = work.resolve("closed");

    Traced traced = Acts.run(temp, "closed", closed, 1000);

    assertThat(traced.exitCode()).isZero();
    assertThat(traced.files(work))
        .extracting(FileEvent::op)
        .filteredOn(Op.OPEN::equals)
        .hasSize(1000);
  }

  @Test
  void aLinkIsToldWithTheFileThatItLeadsTo() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), file);

    FileEvent absolute = only(Acts.run(temp, "open", link));
    assertOpened(absolute, Op.OPEN, Access.READ, file);
    assertThat(absolute.requestedPath()).isEqualTo(link.toString());

    FileEvent relative = only(Acts.run(temp, "open", "link"));
    assertOpened(relative, Op.OPEN, Access.READ, file);
    assertThat(relative.requestedPath()).isEqualTo(temp.toRealPath().resolve("link").toString());
  }

  @Test
  void aLinkThatIsPointedElsewhereIsFollowedAnew() throws Exception {
    Path other = Files.writeString(work.resolve("other"), "content");
    Path link = temp.resolve("link");
    String script =
        "for target in file other file; do ln -sfn %s/$target %s; : < %s; done"
            .formatted(work, link, link);

    List<FileEvent> opened =
        Traced.run(temp, "sh", "-c", script).files(work).stream()
            .filter(event -> event.op() == Op.OPEN)
            .toList();

    assertThat(opened)
        .extracting(FileEvent::path)
        .containsExactly(file.toString(), other.toString(), file.toString());
  }

  @Test
  void creationIsToldAsSuchOnlyWhenTheFileWasNotThere() throws Exception {
    Path fresh = work.resolve("fresh");
    assertOpened(only(Acts.run(temp, "creat", fresh)), Op.CREATE, Access.WRITE, fresh);
    assertOpened(only(Acts.run(temp, "creat", fresh)), Op.OPEN, Access.WRITE, fresh);
    Path another = work.resolve("another");
    assertOpened(
        only(Acts.run(temp, "create-exclusive", another)), Op.CREATE, Access.READWRITE, another);
    assertThat(Acts.attempt(temp, "create-exclusive", another).files(work)).isEmpty();
  }

  @Test
  void creationThroughADanglingLinkIsToldAtItsTarget() throws Exception {
    Path target = work.resolve("target");
    Files.createSymbolicLink(temp.resolve("dangling"), Path.of("work/target"));

    FileEvent event = only(Acts.run(temp, "creat", temp.resolve("dangling")));

    assertOpened(event, Op.CREATE, Access.WRITE, target);
    assertThat(event.requestedPath()).isEqualTo(temp.resolve("dangling").toString());
  }

  @Test
  void attemptsThatFailAreNotTold() throws Exception {
    Path link = Files.createSymbolicLink(work.resolve("link"), file);
    Path full = Files.createDirectory(work.resolve("full"));
    Files.writeString(full.resolve("entry"), "");

    for (Object[] act :
        new Object[][] {
          {"open", work.resolve("missing")},
          {"open", work.resolve("missing/deeper")},
          {"creat", work.resolve("missing/deeper")},
          {"creat", work},
          {"nofollow", link},
          {"unlinkat", work.resolve("missing")},
          {"unlinkat", work},
          {"rmdir", full},
          {"rmdir", file},
          {"rename", work.resolve("missing"), work.resolve("new")},
          {"rename", full, file},
          {"rename", file, full},
          {"noreplace", file, link},
          {"exchange", file, work.resolve("missing")},
          {"link", file, link},
          {"symlink", file, link},
          {"truncate", work.resolve("missing")},
        }) {
      Object[] arguments = java.util.Arrays.copyOfRange(act, 1, act.length);
      Traced traced = Acts.attempt(temp, act[0].toString(), arguments);
      assertThat(traced.exitCode()).as("%s fails", (Object) act).isEqualTo(1);
      assertThat(traced.files(work)).as("%s is not told", (Object) act).isEmpty();
    }
  }

  @Test
  void whatAnOrdinaryUserMayNotOpenIsNotTold() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may open everything");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

    assertThat(Acts.attempt(temp, "open", file).files(work)).isEmpty();
  }

  @Test
  void whatAProcessThatDroppedItsRightsMayNotOpenIsNotTold() throws Exception {
    assumeFalse(!System.getProperty("user.name").equals("root"), "only root can drop rights");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path open = Files.writeString(work.resolve("open"), "");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    letEverybodyIn();

    Traced traced =
        Traced.run(
            temp,
            "setpriv",
            "--reuid=65534",
            "--clear-groups",
            "sh",
            "-c",
            "cat " + file + "; cat " + open);

    assertThat(traced.files(work)).extracting(FileEvent::path).containsExactly(open.toString());
  }

  /** Without an exec too, and its children the same. */
  @Test
  void rightsAreThoseOfTheMoment() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can drop rights");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path open = Files.writeString(work.resolve("open"), "");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    letEverybodyIn();

    Traced traced = Acts.run(temp, "drops", file, open);

    assertThat(traced.files(work))
        .extracting(FileEvent::path)
        .containsExactly(open.toString(), open.toString(), open.toString());
    assertThat(traced.all(ProcessExec.class))
        .extracting(ProcessExec::uid)
        .containsExactly(0, 65534);
  }

  @Test
  void aProgramMayRunAsSomebodyElse() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a program away");
    Path cat = Files.copy(Path.of("/bin/cat"), work.resolve("cat"));
    Files.setAttribute(cat, "unix:uid", 65534);
    Files.setAttribute(cat, "unix:mode", 04755);
    assumeTrue(givesRights(cat), "set-user-id programs do not work here");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path open = Files.writeString(work.resolve("open"), "");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    letEverybodyIn();

    Traced traced =
        Traced.run(temp, "sh", "-c", cat + " " + file + " " + open + "; cat " + open + "; true");

    assertThat(traced.files(work))
        .as("%s may not read %s", cat, file)
        .extracting(FileEvent::path)
        .containsExactly(open.toString(), open.toString());
    assertThat(traced.all(ProcessExec.class))
        .extracting(ProcessExec::uid)
        .containsExactly(0, 65534, 0);
  }

  /** Not on a mount without them; and a trace by who may not administer the system forbids them. */
  private static boolean givesRights(Path cat) throws Exception {
    Process process = new ProcessBuilder(cat.toString(), "/proc/self/status").start();
    String other = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String own = Files.readString(Path.of("/proc/self/status"));
    Matcher capabilities = Pattern.compile("(?m)^CapEff:\\s*(\\p{XDigit}+)$").matcher(own);
    boolean administers =
        capabilities.find() && (Long.parseUnsignedLong(capabilities.group(1), 16) >> 21 & 1) != 0;
    return administers && Pattern.compile("(?m)^Uid:\\s*0\\s+65534\\s").matcher(other).find();
  }

  private void letEverybodyIn() throws Exception {
    for (Path at = work;
        at != null && at.startsWith("/tmp") && at.getNameCount() > 1;
        at = at.getParent()) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aDirectoryThatWasMovedIsNamedAsItIsNow() throws Exception {
    for (String reads : List.of("all", "writes")) {
      Path before = Files.createDirectory(work.resolve("before-" + reads));
      Path after = work.resolve("after-" + reads);
      Traced traced =
          Traced.run(
              temp,
              builder -> reads.equals("all") ? builder : builder.reads(Reads.WRITES),
              Acts.program().toString(),
              "renamed-directory",
              before.toString(),
              after.toString());
      assertThat(traced.exitCode()).isZero();
      assertThat(traced.files(work))
          .extracting(event -> event.op() + " " + event.path())
          .containsExactly(
              "CREATE " + before.resolve("a"),
              "RENAME " + before,
              "CREATE " + before,
              "CREATE " + after.resolve("b"),
              "UNLINK " + after.resolve("a"));
    }
  }

  @Test
  void directoriesAreNotFiles() throws Exception {
    assertThat(Acts.run(temp, "directory", work, file).files(work)).isEmpty();
  }

  @Test
  void renamesAreToldWithBothNames() throws Exception {
    FileEvent event = only(Acts.run(temp, "rename", file, work.resolve("new")));
    assertThat(event.op()).isEqualTo(Op.RENAME);
    assertThat(event.path()).isEqualTo(file.toString());
    assertThat(event.newPath()).isEqualTo(work.resolve("new").toString());
    assertThat(event.access()).isNull();
  }

  @Test
  void anExchangeIsTwoRenames() throws Exception {
    Path other = Files.writeString(work.resolve("other"), "");
    assertThat(Acts.run(temp, "exchange", file, other).files(work))
        .extracting(FileEvent::path, FileEvent::newPath)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(file.toString(), other.toString()),
            org.assertj.core.groups.Tuple.tuple(other.toString(), file.toString()));
  }

  @Test
  void removalsAreTold() throws Exception {
    FileEvent removed = only(Acts.run(temp, "unlinkat", file));
    assertThat(removed.op()).isEqualTo(Op.UNLINK);
    assertThat(removed.path()).isEqualTo(file.toString());

    Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("/etc/passwd"));
    assertThat(only(Acts.run(temp, "unlinkat", link)).path())
        .as("the link goes, not what it leads to")
        .isEqualTo(link.toString());

    Path directory = Files.createDirectory(work.resolve("directory"));
    assertThat(only(Acts.run(temp, "rmdir", directory)).op()).isEqualTo(Op.UNLINK);
  }

  @Test
  void newNamesAreCreations() throws Exception {
    for (String act : List.of("link", "symlink")) {
      Path name = work.resolve(act);
      assertOpened(only(Acts.run(temp, act, file, name)), Op.CREATE, null, name);
    }
    Path fifo = work.resolve("fifo");
    assertOpened(only(Acts.run(temp, "mknod", fifo)), Op.CREATE, null, fifo);
  }

  @Test
  void truncationByNameIsAWrite() throws Exception {
    assertOpened(only(Acts.run(temp, "truncate", file)), Op.WRITE, null, file);
  }

  @Test
  void aThreadsOpenIsItsProcessesOpen() throws Exception {
    Traced traced = Acts.run(temp, "thread", file);
    assertThat(only(traced).process()).isEqualTo(traced.root());
  }

  @Test
  void aThreadOfAnotherProcessIsNotMistakenForOneOfWhoCalledBefore() throws Exception {
    Traced traced = Acts.run(temp, "thread-of-a-child", file);
    assertThat(only(traced).process()).isNotEqualTo(traced.root());
  }

  @Test
  void aDirectoryThatIsLeftMeanwhileIsNotRemembered() throws Exception {
    List<Path> directories = List.of(work.resolve("even"), work.resolve("odd"));
    for (Path directory : directories) {
      Files.createDirectory(directory);
      Files.writeString(directory.resolve("before"), "x");
      Files.writeString(directory.resolve("after"), "x");
    }

    Traced traced = Acts.run(temp, "moves-meanwhile", directories.get(0), directories.get(1), 400);

    assertThat(traced.files(work))
        .extracting(FileEvent::path)
        .filteredOn(path -> path.endsWith("/after"))
        .isEqualTo(
            IntStream.rangeClosed(1, 400)
                .mapToObj(turn -> directories.get(turn % 2).resolve("after").toString())
                .toList());
  }

  @Test
  void aThreadMayWorkInADirectoryOfItsOwn() throws Exception {
    Path here = Files.writeString(Files.createDirectories(work.resolve("here")).resolve("f"), "x");
    Path there =
        Files.writeString(Files.createDirectories(work.resolve("there")).resolve("f"), "x");
    for (String act : List.of("unshared-directory", "own-directory")) {
      Traced traced = Acts.run(temp, act, here.getParent(), there.getParent(), "f");
      List<String> opened =
          traced.all(FileEvent.class).stream()
              .map(FileEvent::path)
              .filter(path -> path.endsWith("/f"))
              .toList();
      List<String> inTurn =
          IntStream.range(0, 80)
              .mapToObj(turn -> (turn % 2 == 0 ? here : there).toString())
              .toList();
      assertThat(opened).as(act).isEqualTo(inTurn);
    }
  }

  @Test
  void aNameThatEndsBeforeAnUnreadablePageIsRead() throws Exception {
    assertOpened(only(Acts.run(temp, "page-end", file)), Op.OPEN, Access.READ, file);
  }

  @Test
  void aBadAddressIsNeitherToldNorALoss() throws Exception {
    Traced traced = Acts.run(temp, "bad-address");
    assertThat(traced.all(dev.quintai.core.event.SensorLoss.class)).isEmpty();
  }

  @Test
  void otherAbisOfThisMachineAreSeen() throws Exception {
    assertOpened(only(Acts.run(temp, "i386-open", file)), Op.OPEN, Access.READ, file);
  }

  @Test
  void x32IsSeenWhereTheKernelHasIt() throws Exception {
    assertOpened(only(Acts.run(temp, "x32-open", file)), Op.OPEN, Access.READ, file);
  }

  @Test
  void ioUringIsRefused() throws Exception {
    assertThat(Acts.run(temp, "io-uring").exitCode()).isZero();
  }

  @Test
  void theProcessesOwnNamesInProcAreThose() throws Exception {
    Traced traced = Acts.run(temp, "self");
    String own = "/proc/" + traced.root().pid();
    assertThat(traced.all(FileEvent.class))
        .filteredOn(event -> event.path().startsWith("/proc/"))
        .extracting(FileEvent::path)
        .containsExactly(own + "/status", own + "/task/" + traced.root().pid() + "/comm");
  }

  @Test
  void withWritesOnlyReadsAreNotTold() throws Exception {
    String script = ": < " + file + "; : > " + work.resolve("written");
    Traced traced = Traced.run(temp, builder -> builder.reads(Reads.WRITES), "sh", "-c", script);

    assertOpened(only(traced), Op.CREATE, Access.WRITE, work.resolve("written"));
    assertThat(traced.all(FileEvent.class)).hasSize(1);
  }
}
