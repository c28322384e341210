#!/bin/sh
# Usage: headers.sh CC CXX INCLUDE_DIR
# The boundary is C and C++; each header that users include can be so alone;
# none of them includes Boost, but for the adapter that is for who uses it.
set -eu
cc=$1 cxx=$2 include=$3
strict='-fsyntax-only -Wall -Wextra -Wpedantic -Werror'
for std in c11 c17; do
  "$cc" -std=$std $strict -x c "$include/eh/abi.h"
done
for std in c++11 c++17 c++20; do
  "$cxx" -std=$std $strict -x c++ "$include/eh/abi.h"
done
for header in "$include"/eh/*.hpp; do
  echo "#include \"$header\"" |
    "$cxx" -std=c++20 $strict -I "$include" -x c++ -
done
if grep -n 'include.*boost' -r "$include" --exclude=log_boost.hpp; then
  echo 'the SDK must not include Boost'
  exit 1
fi
