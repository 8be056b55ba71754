package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The tools of known agents by name. Names are compared in lower case without separators, since
 * agents write the same tool as {@code WebFetch}, {@code web_fetch} and {@code web-fetch}. The
 * names are those that the agents declare to their models: Claude Code, Codex, Gemini CLI, Qwen
 * Code, opencode, pi, Cline, Roo Code, Continue, Cursor, Windsurf, Copilot, Droid, Zed, Auggie,
 * Amazon Q, Kiro, Crush, goose and OpenHands.
 */
final class KnownTools {

  /** How a tool is read. */
  enum Kind {
    /** Does one thing to the targets in its arguments. */
    PLAIN,
    /** Runs a command line. */
    SHELL,
    /** Edits files; one argument says how. */
    EDITOR,
    /** Carries a patch with file headers. */
    PATCH,
    /** Names another tool in its arguments. */
    PROXY
  }

  /** A tool's rule. */
  record Rule(Kind kind, Capability capability) {}

  private static final Map<String, Rule> TABLE = new HashMap<>();

  static {
    put(
        Kind.SHELL,
        Capability.EXECUTE,
        "bash shell sh zsh terminal exec execcommand shellcommand localshell containerexec"
            + " runshellcommand runcommand runterminalcmd runterminalcommand runinterminal"
            + " executecommand executebash execute launchprocess developershell powershell"
            + " runbash shelltool bashtool execbash runshell systemrun");
    put(
        Capability.READ,
        "read readfile readmanyfiles readfiles readmultiplefiles view viewfile viewimage notebookread"
            + " fsread openfile cat readmcpresource accessmcpresource readmedia"
            + " activateskill skill loadskill fetchinstructions todoread readtodos readtodo");
    put(
        Capability.WRITE,
        "write writefile writetofile edit editfile multiedit multieditfile notebookedit replace"
            + " replaceinfile replacefilecontent replacestringinfile multireplacefilecontent"
            + " createfile createnewfile create savefile fswrite fsreplace fsappend"
            + " inserteditintofile insertcontent insertatline searchandreplace searchreplace"
            + " singlefindandreplace editexistingfile applydiff strreplace savememory"
            + " copypath movepath createdirectory editnotebook smartedit");
    put(Capability.DELETE, "deletefile deletepath removefiles removefile");
    put(
        Capability.SEARCH,
        "glob grep ls list find listdir listdirectory listfiles grepsearch filesearch grepfiles"
            + " searchfilecontent searchfiles codebasesearch semanticsearch findpath codesearch"
            + " codebaseretrieval fileglobsearch listcodedefinitionnames searchcode globsearch"
            + " websearch googlewebsearch searchweb listmcpresources toolsearch sourcegraph"
            + " searchcodebase findbyname viewcodeitem findreferences");
    put(
        Capability.RECEIVE,
        "webfetch fetch fetchurl fetchurlcontent fetchwebpage readurlcontent viewwebdocumentcontent"
            + " download webreader openurl browseraction browser");
    put(
        Capability.MONITOR,
        "bashoutput readbackgroundoutput listbackgroundprocesses getterminaloutput commandstatus"
            + " readprocess listprocesses readbash joboutput taskoutput diagnostics getdiagnostics"
            + " readlints geterrors getproblems wait awaitshell monitor sleep");
    put(
        Capability.EXECUTE,
        "killshell killbash killprocess stopbash jobkill writestdin writebash writeprocess"
            + " slashcommand python ipython jupyter codeinterpreter codeexecution"
            + " executeipythoncell runcode pythonexec computer runtests repl taskstop");
    put(
        Capability.DELEGATE,
        "task agent newtask subagent runsubagent spawnagent delegatetoagent invokeagent"
            + " dispatchagent sendinput handoff");
    put(
        Capability.CONFIGURE,
        "todowrite writetodos todo managetodolist updateplan updatetodolist enterplanmode exitplanmode"
            + " switchmode updatetopic reportintent think thinking sequentialthinking planmoderespond"
            + " setworkingdirectory taskcreate taskupdate update_todos finish attemptcompletion");
    put(Capability.SEND, "askuserquestion askfollowupquestion question askuser notifyuser");
    put(
        Kind.EDITOR,
        Capability.WRITE,
        "strreplacebasededittool strreplaceeditor texteditor fileeditor developertexteditor"
            + " stringreplaceeditor");
    put(Kind.PATCH, Capability.WRITE, "applypatch patch");
    put(Kind.PROXY, Capability.EXECUTE, "usemcptool callmcptool mcpcall");
  }

  private KnownTools() {}

  private static void put(Capability capability, String names) {
    put(Kind.PLAIN, capability, names);
  }

  private static void put(Kind kind, Capability capability, String names) {
    for (String name : names.split(" ")) {
      TABLE.put(normal(name), new Rule(kind, capability));
    }
  }

  /** The rule of a tool, or null. */
  static Rule of(String name) {
    return name.length() > 64 ? null : TABLE.get(normal(name));
  }

  private static String normal(String name) {
    StringBuilder normal = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_' && c != '-' && c != '.' && c != ' ') {
        normal.append(c);
      }
    }
    return normal.toString().toLowerCase(Locale.ROOT);
  }
}
