#!/bin/sh
# Runs the EndpointSecurity bridge against the stub with AddressSanitizer and UndefinedBehaviorSanitizer,
# and with ThreadSanitizer: by gcc with a block made by hand, and where there is clang with its blocks.
# Exit 0: no finding.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
main=$here/../../../main/c/es
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() {
  echo "$*" >&2
  # shellcheck disable=SC2086 # flags are words
  "$@" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -g -O1 -fno-omit-frame-pointer -pthread \
    -I"$here/sdk" -I"$main" "$main"/bridge.c "$main"/decode.c "$main"/refuse.c "$main"/watch.c \
    "$here"/stub.c "$here"/es_test.c -o "$work/es_test"
  ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1 "$work/es_test"
}

run gcc -fsanitize=address,undefined -fno-sanitize-recover=all
run gcc -fsanitize=thread
if command -v clang >/dev/null 2>&1; then
  run clang -fblocks -fsanitize=address,undefined -fno-sanitize-recover=all
fi
"$here/check-macos.sh"
echo "no finding"
