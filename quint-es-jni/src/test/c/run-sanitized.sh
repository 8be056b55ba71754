#!/bin/sh
# Runs quint-trace and, as root, quint-watch, built with AddressSanitizer and UndefinedBehaviorSanitizer,
# and quint-trace with ThreadSanitizer, on everything that acts.c can do and on a few real programs. Needs gcc, and for eBPF clang and libbpf. Exit 0: no finding, and every command ended as
# it should. (valgrind cannot run it: it does not know seccomp(2).)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
main=$here/../../main/c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
PATH=/usr/bin:/bin # a directory that is closed to us would turn "not found" into "not executable"

warnings="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror"
# shellcheck disable=SC2086 # flags are words
{
  gcc $warnings -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
    -pthread "$main"/*.c -o sanitized
  gcc $warnings -O1 -g -fsanitize=thread -fno-omit-frame-pointer -pthread "$main"/*.c -o sanitized-threads
  bpf=
  arch=$(uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/')
  compile_bpf() {
    clang -O2 -g -target bpf "-D__TARGET_ARCH_$arch" "-I/usr/include/$(gcc -print-multiarch)" \
      -c "$main/watch/quint.bpf.c" "$@" 2>said
  }
  if compile_bpf -o quint.bpf.o && compile_bpf -DQUINT_DIRECT -o quint-direct.bpf.o; then
    bpf="-DQUINT_BPF=\"$work/quint\""
  else
    echo "without eBPF: $(head -n 1 said)"
  fi
  shared=
  for name in wire procfs memory path lately recall jobs table address; do
    shared="$shared $main/$name.c"
  done
  gcc $warnings -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
    ${bpf:+"$bpf"} "$main"/watch/[!q]*.c $shared "$main"/calls*.c ${bpf:+-lbpf} -o sanitized-watch
  gcc $warnings -O1 -pthread "$here/acts.c" -o acts
  gcc $warnings -O1 "$here/reader.c" -o reader
}
# Processes end with _exit, so leaks are not looked for. The findings go to files, not to the command.
ASAN_OPTIONS=detect_leaks=0:log_path=$work/finding:handle_segv=1
UBSAN_OPTIONS=log_path=$work/finding:print_stacktrace=1
TSAN_OPTIONS=die_after_fork=0:log_path=$work/finding
export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS

failures=0
as_nobody=

# expect CODE COMMAND...
expect() {
  expected=$1
  shift
  code=0
  # shellcheck disable=SC2086 # a command of several words
  $before $as_nobody ./reader $tracer -- "$@" >/dev/null 2>"$work/said" || code=$?
  if [ "$code" != "$expected" ]; then
    echo "FAILED: $* ended with $code, not $expected" >&2
    cat "$work/said" >&2
    failures=$((failures + 1))
  fi
}

all() {
  rm -rf t link dangling && mkdir t && echo content >t/file && mkdir t/empty && ln -s t/file link && ln -s t/absent dangling
  expect 0 ./acts open t/file
  expect 0 ./acts open link
  expect 1 ./acts open t/missing
  expect 0 ./acts openat2 t/file
  expect 0 ./acts openat t file
  expect 0 ./acts creat t/new
  expect 0 ./acts creat dangling
  expect 1 ./acts create-exclusive t/new
  expect 1 ./acts nofollow link
  expect 0 ./acts truncate t/new
  expect 0 ./acts exchange t/file t/new
  expect 1 ./acts noreplace t/file t/new
  expect 0 ./acts rename t/new t/moved
  expect 0 ./acts link t/moved t/linked
  expect 0 ./acts symlink t/moved t/pointed
  expect 0 ./acts mknod t/fifo
  expect 0 ./acts unlinkat t/moved
  expect 0 ./acts rmdir t/empty
  expect 1 ./acts rmdir t
  expect 0 ./acts directory t t/file
  expect 0 ./acts self
  expect 0 ./acts bad-address
  expect 0 ./acts page-end t/file
  expect $io_uring ./acts io-uring
  expect 1 ./acts connect4 1
  expect 0 ./acts sendto 9
  expect 0 ./acts sendmsg 9
  expect 0 ./acts sendmmsg 9 10
  expect 0 ./acts udp-port-0
  expect 0 ./acts connect-abstract quint-sanitized
  expect 0 ./acts unix-datagrams t/log t/log2
  expect 1 ./acts connect-unix t/log
  expect 0 ./acts thread t/file
  expect 0 ./acts exec-in-thread /bin/true
  expect 0 ./acts vfork /bin/true
  expect 0 ./acts spawn /bin/true
  expect 0 ./acts fexecve /bin/true
  expect 0 ./acts failing-execs t/file /etc/passwd
  expect 0 ./acts again
  expect 0 ./acts daemon t/file
  expect 0 ./acts orphan t/file
  expect 137 ./acts die-by-signal 9
  expect 0 ./acts many t/file 5000
  expect 0 ./acts forks 200
  expect 127 no-such-program
  expect 126 ./t
  expect 3 sh -c 'ls / | sort | head -2; (cat link missing); for i in 1 2 3; do env true & done; wait; exit 3'
  expect 0 sh -c 'find /etc -type f 2>/dev/null | head -500 | xargs cat >/dev/null 2>&1; true'
}

io_uring=0 # it ends with 0 where it is refused
before=
tracer=./sanitized
all
before="setarch -R" # ThreadSanitizer wants addresses where it knows them
tracer=./sanitized-threads
all
before=
./sanitized --self-test >/dev/null || failures=$((failures + 1))
expect 1 ./sanitized --self-test # within a trace there can be no other
for options in "--reads writes" "--queue-kib 256" "--orphan kill" "--clock-offset-ns -5"; do
  tracer="./sanitized $options"
  expect 0 ./acts many t/file 5000
  expect 4 sh -c 'cat t/file link; exit 4'
done

printf 'a */asked*\na connect:*127.0.0.1*\nw */file\n' >ask
echo secret >t/asked
echo dark >t/dark
for answers in yes no none; do # of the reader
  tracer="./sanitized --ask-file ask"
  QUINT_ANSWERS=$answers
  export QUINT_ANSWERS
  [ $answers = yes ] && refused=0 || refused=1
  expect $refused ./acts open t/asked
  expect $refused ./acts sendto 9
  expect $refused ./acts rename t/asked t/asked2
  [ $answers = no ] || mv t/asked2 t/asked 2>/dev/null || true
  expect 0 ./acts many t/file 5000
  expect 0 sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat t/asked & done; wait; exit 0'
  expect 0 sh -c 'cat t/asked & kill -9 $!; wait; exit 0'
done
unset QUINT_ANSWERS

# Of a process that closes its memory we learn nothing, unless we are root: where something is to be
# refused, it is refused what it does.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  chmod 755 . t
  grep -v connect ask >ask-files
  for ask in "" "--ask-file ask-files" "--refuse /nothing"; do
    [ -z "$ask" ] && refused=0 || refused=1
    tracer="./sanitized $ask"
    as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
    expect $refused ./acts hidden-open t/dark
    expect $refused ./acts hidden-connect 9
    expect 0 ./acts open t/dark
    expect 0 ./acts sendto 9
  done
  as_nobody=
fi

for tier in bpf connector; do
  if answer=$(./sanitized-watch --tier $tier --self-test); then
    io_uring=1
    tracer="./sanitized-watch --tier $tier"
    all
    for options in "--reads writes" "--queue-kib 256" "--everybody" "--pid $$"; do
      tracer="./sanitized-watch --tier $tier $options"
      expect 0 ./acts many t/file 5000
      expect 4 sh -c 'cat t/file link; exit 4'
    done
  else
    echo "not run: $tier: $answer"
  fi
done

if ls "$work"/finding* >/dev/null 2>&1; then
  cat "$work"/finding* >&2
  failures=$((failures + 1))
fi
[ "$failures" = 0 ] || exit 1
echo "no finding"
