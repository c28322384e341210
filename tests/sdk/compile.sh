#!/bin/sh
# Usage: compile.sh SHOW_PLUGIN REFERENCE COMPILER [ARGUMENT...]
# Compiles a plugin and lets it describe itself: everything has to be there,
# and the configurations as in another plugin that has them.
set -eu
show=$1 reference=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$@" -o "$folder/plugin.so"
"$show" "$folder/plugin.so" > "$folder/shown"
cat "$folder/shown"
grep -q '^experiment everything$' "$folder/shown"
grep -q '^experiment {method}/{text}/{flags}/{flag}/{single}$' "$folder/shown"
! grep '^problem' "$folder/shown"

grep '^group ' "$folder/shown" > "$folder/groups"
"$show" "$reference" | grep '^group ' > "$folder/expected"
while read -r group; do
  grep -qxF -- "$group" "$folder/expected" || {
    echo "the compilers differ; expected"
    cat "$folder/expected"
    exit 1
  }
done < "$folder/groups"
test "$(grep -c '"members":' "$folder/groups")" = 2
