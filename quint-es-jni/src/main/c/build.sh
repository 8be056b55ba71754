#!/bin/sh
# Builds quint-trace for the machine that runs this: build.sh DIRECTORY
#
# Writes DIRECTORY/linux-ARCH/quint-trace and its SHA-256 beside it, statically linked where the C
# library allows. Where there is no Linux, no supported architecture or no compiler it says so and
# succeeds: the jar is then whole without the program, and the module reports why it is missing.
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
  x86_64 | amd64) arch=x86_64 ;;
  aarch64 | arm64) arch=aarch64 ;;
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

target=$out/linux-$arch/quint-trace
if [ -f "$target" ] && [ -f "$target.sha256" ] &&
  [ -z "$(find "$src" -type f -newer "$target" -print | head -n 1)" ]; then
  exit 0
fi
mkdir -p "$out/linux-$arch"

flags="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -D_FORTIFY_SOURCE=2
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

# shellcheck disable=SC2086 # flags are words
"$cc" $flags ${CFLAGS:-} $static ${LDFLAGS:-} -s "$src"/*.c -o "$probe/quint-trace"
(cd "$probe" && sha256sum quint-trace >quint-trace.sha256)
mv "$probe/quint-trace.sha256" "$target.sha256"
mv "$probe/quint-trace" "$target"
