#!/bin/sh
# Builds libquint_es on a Mac: build-es.sh DIRECTORY
#
# Writes DIRECTORY/macos-universal/libquint_es.dylib, for arm64 and x86_64, and its SHA-256 beside it.
# Needs Xcode (the command line tools alone have no EndpointSecurity headers) and a JDK. Where it is not
# a Mac, or Xcode is missing, it says so and succeeds: the jar is then whole without the library, and the
# module reports why it is missing. QUINT_SIGN_IDENTITY, if set, signs it; the entitlement belongs to the
# app or system extension that hosts the JVM, not to a library.
set -eu

out=$1
src=$(cd "$(dirname "$0")" && pwd)

skip() {
  echo "libquint_es is not built: $1" >&2
  exit 0
}

[ "$(uname -s)" = Darwin ] || skip "this is not macOS"
sdk=$(xcrun --sdk macosx --show-sdk-path 2>/dev/null) || skip "Xcode is not installed"
[ -f "$sdk/usr/include/EndpointSecurity/EndpointSecurity.h" ] ||
  skip "the SDK at $sdk has no EndpointSecurity; install Xcode itself"
jdk=${JAVA_HOME:-$(/usr/libexec/java_home)}

target=$out/macos-universal/libquint_es.dylib
mkdir -p "$out/macos-universal"
xcrun clang -arch arm64 -arch x86_64 -mmacosx-version-min=12.0 -isysroot "$sdk" -std=gnu11 -fblocks \
  -Wall -Wextra -Werror -O2 -fstack-protector-strong -fvisibility=hidden -dynamiclib \
  -I"$jdk/include" -I"$jdk/include/darwin" -install_name @rpath/libquint_es.dylib \
  "$src"/*.c -lEndpointSecurity -lbsm -o "$target"
if [ -n "${QUINT_SIGN_IDENTITY:-}" ]; then
  codesign --force --timestamp --sign "$QUINT_SIGN_IDENTITY" "$target"
fi
(cd "$out/macos-universal" && shasum -a 256 libquint_es.dylib >libquint_es.dylib.sha256)
