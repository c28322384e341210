#!/bin/sh
# Usage: compile.sh SHOW_PLUGIN COMPILER [ARGUMENT...]
# Compiles a plugin and lets it describe itself: everything has to be there.
set -eu
show=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$@" -o "$folder/plugin.so"
"$show" "$folder/plugin.so" > "$folder/shown"
cat "$folder/shown"
grep -q '^experiment everything$' "$folder/shown"
grep -q '^experiment {method}/{text}/{flags}/{flag}/{single}$' "$folder/shown"
! grep '^problem' "$folder/shown"
