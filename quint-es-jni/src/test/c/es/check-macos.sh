#!/bin/sh
# Checks the syntax and the layout asserts of the EndpointSecurity bridge for macOS, where there is
# neither a Mac nor an SDK: with clang's cross targets, against our own declarations. Says so and
# succeeds where there is no clang or no JDK. This is a check, not a build: see build-es.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
command -v clang >/dev/null 2>&1 || { echo "not checked: clang is not installed"; exit 0; }
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
for target in arm64-apple-macos13 x86_64-apple-macos13; do
  for file in "$here"/../../../main/c/es/*.c; do
    clang -target $target -fblocks -fsyntax-only -ffreestanding -nostdlibinc -std=gnu11 -Wall -Wextra -Werror -Wno-unused-command-line-argument \
      -isystem "$here/sdk" -isystem "$here/libc" -isystem "$jdk/include" -isystem "$jdk/include/linux" "$file"
  done
  echo "$target: no finding"
done
