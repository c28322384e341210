#!/usr/bin/env bash
# Runs one fuzz test for a while.
#
#   fuzz.sh NAME PROGRAM WORK_FOLDER SECONDS
#
# What it found before is tried first: inputs that led to new code, which are
# kept in WORK_FOLDER/corpus/, and inputs that failed, in WORK_FOLDER/failures/.
set -euo pipefail
name=$1 program=$2 work=$3 seconds=$4
here=$(cd "$(dirname "$0")" && pwd)
corpus=$work/corpus/$name failures=$work/failures/$name
mkdir -p "$corpus" "$failures"

options=(
  "-max_total_time=$seconds" -max_len=512 -timeout=20 -rss_limit_mb=2048
  "-artifact_prefix=$failures/" -verbosity=0 -print_funcs=0
  -print_final_stats=1)
[ ! -e "$here/$name.dict" ] || options+=("-dict=$here/$name.dict")

inputs=("$corpus" "$failures")
[ ! -d "$here/corpus/$name" ] || inputs+=("$here/corpus/$name")

# Older sanitizers cannot do with the widest address randomisation of Linux.
wrapper=()
! setarch -R true 2>/dev/null || wrapper=(setarch -R)

if "${wrapper[@]}" "$program" "${options[@]}" "${inputs[@]}"; then
  exit 0
fi

# The newest: a failure of before that failed again is written again.
found=$(find "$failures" -type f -printf '%T@ %p\n' | sort -n | tail -1)
if [ -z "$found" ]; then
  echo "fuzz.$name failed, without an input that is to blame"
  exit 1
fi
found=${found#* }
echo "fuzz.$name failed with the input in $found, in base64:"
base64 "$found"
echo "To try it again:"
echo "  $program $found"
exit 1
