#!/bin/sh
# Usage: symbols.sh NM PLUGIN...
# A variable that the linker keeps unique in a process ('u') would be shared
# between plugins; nothing of the SDK may be among them, and the only function
# of it that can be seen is the entry.
set -eu
nm=$1
shift
for plugin in "$@"; do
  symbols=$("$nm" -D --defined-only "$plugin")
  echo "$symbols" | grep -q ' W eh_plugin_v1$' || {
    echo "$plugin does not export eh_plugin_v1"
    exit 1
  }
  if echo "$symbols" | grep -E ' u .*2eh| _Z(GV|T.)?NK?2eh'; then
    echo "$plugin exports these"
    exit 1
  fi
done
