package dev.quintai.esjni;

import java.util.List;

/** What people and agents run, each a script for {@code sh} in an empty directory. */
enum WitnessWorkloads {
  PIPELINES(
      "ls / | sort | head -2; echo $(cat /etc/hostname | wc -c); (cd /; sh -c 'cat /etc/hostname');"
          + " for i in 1 2 3 4 5; do env true & done; wait; find /etc -maxdepth 1 -name 'h*' -exec cat {} +"),
  COMPILE("for i in 1 2 3; do " + source("$i") + " gcc -O1 s$i.c -o s$i; ./s$i; done", "gcc"),
  MAKE(
      "for i in 1 2 3; do "
          + source("$i")
          + " done; printf 'all: s1 s2 s3\\ns%%: s%%.c\\n\\tgcc $< -o $@\\n' > Makefile; make -j2",
      "make",
      "gcc"),
  GIT(
      tree(50)
          + "git init -q .; git add t; git -c user.name=a -c user.email=a@b commit -qm one; git status --short;"
          + " git grep -c x; echo y > t/f1; git diff; git log --stat; git stash -q; git branch b; git checkout -q b",
      "git"),
  FIND_CAT(tree(2000) + "find t -type f | xargs cat | wc -l"),
  PARALLEL(tree(1000) + "find t -type f | xargs -P4 -n 100 cat | wc -l"),
  TAR(tree(300) + "tar czf a.tgz t; mkdir x; tar xzf a.tgz -C x; diff -r t x/t", "tar", "gzip"),
  COPY_AND_REMOVE(
      tree(300) + "cp -r t u; mv u v; ln -s v/f1 l; cat l; rm -r v; rm l; ls t | wc -l"),
  GREP(
      "grep -rl root /etc 2>/dev/null | head -20; grep -r include /usr/include/linux | wc -l",
      "grep"),
  PYTHON(
      "python3 -c 'import json,subprocess,ssl,http.client; [subprocess.run([\"true\"]) for _ in range(20)];"
          + " print(open(\"/etc/hostname\").read())'",
      "python3"),
  PYTHON_THREADS(
      tree(400)
          + "python3 -c 'import glob\nfrom concurrent.futures import ThreadPoolExecutor as T\n"
          + "print(len(list(T(8).map(lambda f: open(f).read(), glob.glob(\"t/*\")))))'",
      "python3"),
  NODE(
      tree(100)
          + "node -e 'const fs=require(\"fs\"),c=require(\"child_process\"); for (const f of fs.readdirSync(\"t\"))"
          + " fs.readFileSync(\"t/\"+f); fs.readFile(\"t/f1\",()=>{}); c.execSync(\"cat t/f2; ls\")'",
      "node"),
  JAVA(
      "echo 'class A { public static void main(String[] a) throws Exception {"
          + " new ProcessBuilder(\"cat\", \"A.java\").inheritIO().start().waitFor(); } }' > A.java; javac A.java; java A",
      "javac",
      "java"),
  PERL(
      "perl -MFile::Find -e 'find(sub { open(F,$_) if -f; }, \"/usr/share/perl5\"); system(\"true\") for 1..20'",
      "perl"),
  SHORT_PROCESSES("for i in $(seq 300); do /bin/true; done"),
  TEXT_TOOLS(
      "seq 1000 > a; sed s/1/2/ a > b; diff a b > p; cp a c; patch c p; cmp b c; sort -R a | sort -n | uniq -c | tail -1;"
          + " awk '{s+=$1} END{print s}' a; sed -i 2d a; split -l 100 a part; cat part* | md5sum",
      "patch"),
  CONNECTIONS(
      "for i in 1 2 3 4 5 6; do curl -s -m 5 http://127.0.0.1:$i/ http://[::1]:$i/; done; true",
      "curl"),
  LOCAL_SERVER(
      tree(20)
          + "python3 -m http.server 0 --bind 127.0.0.1 > port 2>&1 & s=$!;"
          + " while ! p=$(grep -o 'port [0-9]*' port); do sleep 0.1; done; p=${p#port };"
          + " for i in $(seq 15); do curl -s http://127.0.0.1:$p/t/f$i; done; kill $s; wait; true",
      "python3",
      "curl"),
  RSYNC(
      tree(200) + "rsync -a t/ copy/; rm t/f1; rsync -a --delete t/ copy/; ls copy | wc -l",
      "rsync"),
  SQLITE(
      "sqlite3 d.db 'create table t(a); insert into t values(1),(2); select sum(a) from t;';"
          + " for i in $(seq 10); do sqlite3 d.db \"insert into t values($i)\"; done",
      "sqlite3"),
  CMAKE(
      source("1")
          + "printf 'cmake_minimum_required(VERSION 3.10)\\nproject(p C)\\nadd_executable(s s1.c)\\n' > CMakeLists.txt;"
          + " cmake -B build . && cmake --build build",
      "cmake"),
  OPENSSL(
      "openssl genpkey -algorithm ed25519 -out k.pem; openssl pkey -in k.pem -pubout; seq 100 > m;"
          + " for i in $(seq 10); do openssl dgst -sha256 m; done",
      "openssl");

  /** Those that every test run takes; all of them with {@code -Pwitness}. */
  static final List<WitnessWorkloads> SAMPLE = List.of(PIPELINES, GIT, PYTHON_THREADS, CONNECTIONS);

  private final String script;
  private final String tools;

  WitnessWorkloads(String script, String... tools) {
    this.script = script;
    this.tools = String.join(" ", tools);
  }

  String script() {
    return script;
  }

  /** What must be installed for it. */
  List<String> tools() {
    return tools.isEmpty() ? List.of() : List.of(tools.split(" ", -1));
  }

  private static String source(String number) {
    return "printf '#include <stdio.h>\\nint main(void) { return puts(\"x\") < 0; }\\n' > s"
        + number
        + ".c; ";
  }

  private static String tree(int files) {
    return "mkdir t; for i in $(seq " + files + "); do echo x$i > t/f$i; done; ";
  }
}
