#!/bin/sh
# Usage: check.sh SOURCE COMPILER [ARGUMENT...]
# The source must not compile, and the compiler must name the line that ends
# with "// HERE: PATTERN" and say what the pattern says.
set -eu
source=$1
shift
line=$(grep -n '// HERE: ' "$source" | cut -d: -f1)
pattern=$(sed -n 's|.*// HERE: ||p' "$source")
export LC_ALL=C
if output=$("$@" -fsyntax-only -fdiagnostics-color=never "$source" 2>&1); then
  echo "$source compiles"
  exit 1
fi
echo "$output"
echo "$output" | grep -q "$(basename "$source"):$line:" || {
  echo "the compiler does not name line $line"
  exit 1
}
echo "$output" | grep -Eq -- "error: .*($pattern)" || {
  echo "the compiler does not say '$pattern'"
  exit 1
}
