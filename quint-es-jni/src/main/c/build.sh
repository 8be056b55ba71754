#!/bin/sh
# Builds quint-trace and quint-watch for the machine that runs this: build.sh DIRECTORY
#
# Writes DIRECTORY/linux-ARCH/PROGRAM and its SHA-256 beside it, statically linked where the C
# library allows. Where there is no Linux, no supported architecture or no compiler it says so and
# succeeds: the jar is then whole without the programs, and the module reports why they are missing.
# Without clang and libbpf quint-watch has no eBPF program, and says so when it is asked for it.
# CC, CFLAGS and LDFLAGS are honoured; with a cross compiler as CC, QUINT_ARCH names its target.
set -eu

out=$1
src=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "quint-trace is not built: $1" >&2
  exit 0
}

[ "$(uname -s)" = Linux ] || skip "this is not Linux"
case ${QUINT_ARCH:-$(uname -m)} in
  x86_64 | amd64) arch=x86_64 bpf_arch=x86 ;;
  aarch64 | arm64) arch=aarch64 bpf_arch=arm64 ;;
  *) skip "no support for ${QUINT_ARCH:-$(uname -m)}" ;;
esac

cc=
for candidate in ${CC:-} gcc cc clang; do
  if command -v "$candidate" >/dev/null 2>&1; then
    cc=$candidate
    break
  fi
done
[ -n "$cc" ] || skip "no C compiler (gcc or clang) is installed"

made() {
  [ -f "$out/linux-$arch/$1" ] && [ -f "$out/linux-$arch/$1.sha256" ] &&
    [ -z "$(find "$src" -type f -newer "$out/linux-$arch/$1" -print | head -n 1)" ]
}
if made quint-trace && made quint-watch; then
  exit 0
fi
mkdir -p "$out/linux-$arch"

flags="-std=gnu11 -D_GNU_SOURCE -pthread -Wall -Wextra -Werror -O2 -D_FORTIFY_SOURCE=2
  -fstack-protector-strong -ffile-prefix-map=$src=."
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT INT TERM
echo '#include <linux/seccomp.h>
#include <stdio.h>
int main(void) { return SECCOMP_USER_NOTIF_FLAG_CONTINUE == 0 ? puts("") : 0; }' >"$probe/probe.c"
"$cc" "$probe/probe.c" -o "$probe/probe" 2>/dev/null ||
  skip "$cc cannot build programs here, or the kernel headers are missing or too old"
static=-static
"$cc" -static "$probe/probe.c" -o "$probe/probe" 2>/dev/null || static=

install_program() {
  (cd "$probe" && sha256sum "$1" >"$1.sha256")
  mv "$probe/$1.sha256" "$out/linux-$arch/$1.sha256"
  mv "$probe/$1" "$out/linux-$arch/$1"
}

# shellcheck disable=SC2086 # flags are words
"$cc" $flags ${CFLAGS:-} $static ${LDFLAGS:-} -s "$src"/*.c -o "$probe/quint-trace"
install_program quint-trace

# The eBPF program, and the library that puts it into the kernel. Linked statically, since the
# machine that it runs on need not have that library.
bpf_flags=
bpf_libraries=
without_bpf() { echo "quint-watch is built without eBPF: $1" >&2; }
compile_bpf() { # OBJECT [FLAG]
  object=$1
  shift
  clang -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -target bpf "-D__TARGET_ARCH_$bpf_arch" "$@" \
    ${include:+-I/usr/include/$include} "-ffile-prefix-map=$src=." -c "$src/watch/quint.bpf.c" \
    -o "$probe/$object" 2>"$probe/why"
}
include=$("$cc" -print-multiarch 2>/dev/null || true)
if ! command -v clang >/dev/null 2>&1; then
  without_bpf "clang is not installed"
elif ! compile_bpf quint.bpf.o || ! compile_bpf quint-direct.bpf.o -DQUINT_DIRECT; then
  if grep -q 'bpf/.*file not found' "$probe/why"; then
    without_bpf "the headers of libbpf are not installed (libbpf-dev)"
  else
    cat "$probe/why" >&2
    exit 1
  fi
else
  for libraries in "-lbpf -lelf -lz" "-lbpf -lelf -lz -lzstd"; do
    echo '#include <bpf/libbpf.h>
int main(void) { return bpf_object__open_mem("", 0, NULL) == NULL; }' >"$probe/probe.c"
    # shellcheck disable=SC2086
    if "$cc" -static "$probe/probe.c" -o "$probe/probe" $libraries 2>/dev/null; then
      bpf_flags="-DQUINT_BPF=\"$probe/quint\""
      bpf_libraries=$libraries
      static=-static
      break
    fi
  done
  [ -n "$bpf_libraries" ] || without_bpf "no static libbpf, libelf and libz for $cc"
fi
shared="wire procfs memory path lately recall jobs table address calls calls_native"
case $arch in
  x86_64) shared="$shared calls_i386 calls_x32" ;;
  aarch64) shared="$shared calls_arm" ;;
esac
sources=
for name in $shared; do
  sources="$sources $src/$name.c"
done
# shellcheck disable=SC2086
"$cc" $flags ${CFLAGS:-} ${bpf_flags:+"$bpf_flags"} $static ${LDFLAGS:-} -s "$src"/watch/[!q]*.c $sources \
  -o "$probe/quint-watch" $bpf_libraries
install_program quint-watch
