#!/bin/sh
# Usage: symbols.sh NM PLUGIN...
# A variable that the linker keeps unique in a process ('u') would be shared
# between plugins; nothing of the SDK may be among them, and the only function
# of it that can be seen is the entry. What compilers make for the types that
# configuration classes derive from is as visible as these.
set -eu
made=' _ZN2eh(6Config|7LogFile|11SlurmConfig|11SlackConfig)([CD][0-9]|aS)E'
nm=$1
shift
for plugin in "$@"; do
  symbols=$("$nm" -D --defined-only "$plugin")
  echo "$symbols" | grep -q ' W eh_plugin_v1$' || {
    echo "$plugin does not export eh_plugin_v1"
    exit 1
  }
  if echo "$symbols" | grep -Ev "$made" | grep -E ' u .*2eh| _Z(GV|T.)?NK?2eh'; then
    echo "$plugin exports these"
    exit 1
  fi
done
