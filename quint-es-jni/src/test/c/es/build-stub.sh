#!/bin/sh
# Builds the EndpointSecurity bridge against the stub of the framework, for the tests on Linux:
# build-stub.sh DIRECTORY. Writes DIRECTORY/linux-ARCH/libquint_es.so and its SHA-256 beside it; says so
# and succeeds where there is no compiler.
set -eu

out=$1
here=$(cd "$(dirname "$0")" && pwd)
main=$here/../../../main/c/es
case $(uname -m) in amd64) arch=x86_64 ;; arm64) arch=aarch64 ;; *) arch=$(uname -m) ;; esac
cc=
for candidate in ${CC:-} gcc cc clang; do
  if command -v "$candidate" >/dev/null 2>&1; then
    cc=$candidate
    break
  fi
done
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
[ -n "$cc" ] && [ "$(uname -s)" = Linux ] && [ -f "$jdk/include/jni.h" ] || {
  echo "the stub of EndpointSecurity is not built: it needs Linux, a C compiler and a JDK's jni.h" >&2
  exit 0
}
target=$out/linux-$arch/libquint_es.so
if [ -f "$target" ] && [ -f "$target.sha256" ] &&
  [ -z "$(find "$main" "$here" -type f -newer "$target" -print | head -n 1)" ]; then
  exit 0
fi
mkdir -p "$out/linux-$arch"
"$cc" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -g -fPIC -shared -pthread -fvisibility=hidden \
  -I"$here/sdk" -I"$main" -isystem "$jdk/include" -isystem "$jdk/include/linux" \
  "$main"/*.c "$here"/stub.c "$here"/stub_jni.c -o "$target.new"
mv "$target.new" "$target"
(cd "$out/linux-$arch" && sha256sum libquint_es.so >libquint_es.so.sha256)
