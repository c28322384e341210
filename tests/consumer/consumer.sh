#!/usr/bin/env bash
# One way in which someone else's project comes to a plugin or a program; see
# CMakeLists.txt, which also sets the environment. The working directory is a scratch folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
prefix=$PWD/prefix

configure_and_build() {  # FOLDER OPTION...
  "$CMAKE_COMMAND" -S "$here/$1" -B "$way/build" --log-level=WARNING \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "${@:2}"
  "$CMAKE_COMMAND" --build "$way/build" --target consumer
}

# Programs are linked with eh's own objects.
like_eh=(-DCMAKE_BUILD_TYPE=Release)

compile() {  # OPTION...
  "$CXX" -std=c++20 -Wall -Wextra -Werror "$@" "$here/plugin.cc"
}

# What it was all for: the experiment runs, and its result is there.
run_experiment() {  # PLUGIN [PREFIX]
  check_run "${2:-$prefix}/$EH_BINDIR/eh-host" --plugin "$1"
}

check_run() {  # COMMAND...
  "$@" consumer number --output "$way/results"
  local leaf=$way/results/consumer/number
  [ "$(<"$leaf/number.txt")" = 7 ]
  grep -q '"status": *"ok"' "$leaf/eh.json"
}

# With this build type a project is built.
has_type() {  # TYPE FOLDER OPTION...
  rm -rf "$way/build"
  "$CMAKE_COMMAND" -S "$here/$2" -B "$way/build" --log-level=WARNING \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DCMAKE_PREFIX_PATH="$prefix" "${@:3}"
  local type
  type=$(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$way/build/CMakeCache.txt")
  [ "$type" = "$1" ] || {
    echo "the build type of '$2' is '$type', not '$1'" >&2
    exit 1
  }
}

# Configuring has to fail, and say this.
refused() {  # TEXT FOLDER OPTION...
  local output
  rm -rf "$way/build"
  if output=$("$CMAKE_COMMAND" -S "$here/$2" -B "$way/build" \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF "${@:3}" 2>&1); then
    echo "'$2' was configured" >&2
    exit 1
  fi
  # Lines are broken as it suits the width.
  [[ $(tr -s '\n ' ' ' <<<"$output") == *"$1"* ]] || {
    echo "$output" >&2
    exit 1
  }
}

way=$1
rm -rf "$way"
mkdir "$way"
case $way in
  install)
    rm -rf "$prefix"
    "$CMAKE_COMMAND" --install "$EH_BUILD" --prefix "$prefix"
    "$prefix/$EH_BINDIR/eh-host" --version
    ;;
  find_package)
    configure_and_build find_package -DCMAKE_PREFIX_PATH="$prefix"
    if grep -i '^boost' "$way/build/CMakeCache.txt"; then exit 1; fi
    run_experiment "$way/build/libconsumer.so"
    # Nothing was said of optimisation.
    grep -Fx "CMAKE_BUILD_TYPE:STRING=Release" "$way/build/CMakeCache.txt"
    grep -q '"flags":"Release: ' "$way/results/consumer/number/eh.json"
    if grep optimis "$way/results/consumer/number/eh.json"; then exit 1; fi
    ;;
  build_type)  # of who has chosen one, nothing is changed
    has_type "Debug" find_package -DCMAKE_BUILD_TYPE=Debug
    has_type "" find_package -DCMAKE_CXX_FLAGS=-O1
    has_type "" parent
    has_type "Release" find_package
    ;;
  find_package_moved)  # an installation knows no path of its own
    cp -R "$prefix" "$way/elsewhere"
    configure_and_build find_package \
      -DCMAKE_PREFIX_PATH="$PWD/$way/elsewhere"
    run_experiment "$way/build/libconsumer.so" "$way/elsewhere"
    if grep -rlF "$prefix" "$way/elsewhere"; then exit 1; fi
    ;;
  build_tree)
    configure_and_build find_package -Deh_DIR="$EH_BUILD/sdk"
    run_experiment "$way/build/libconsumer.so"
    ;;
  add_subdirectory)  # which brings the SDK, and no search for Boost
    configure_and_build add_subdirectory -DEH_SOURCE="$EH_SOURCE" \
      -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON
    run_experiment "$way/build/libconsumer.so"
    ;;
  program_moved)
    cp -R "$prefix" "$way/elsewhere"
    configure_and_build program "${like_eh[@]}" \
      -DCMAKE_PREFIX_PATH="$PWD/$way/elsewhere"
    check_run "$way/build/consumer"
    # It was that eh-host that ran it.
    rm "$way/elsewhere/$EH_BINDIR/eh-host"
    PATH=/usr/bin:/bin
    if "$way/build/consumer" --version; then exit 1; fi
    ;;
  program_without_boost)
    configure_and_build program "${like_eh[@]}" -DCMAKE_PREFIX_PATH="$prefix" \
      -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON
    if grep -i '^boost' "$way/build/CMakeCache.txt"; then exit 1; fi
    check_run "$way/build/consumer"
    ;;
  program_by_its_old_name)
    configure_and_build program "${like_eh[@]}" -DCMAKE_PREFIX_PATH="$prefix" \
      -DCOMPONENT=host
    check_run "$way/build/consumer"
    ;;
  program_build_tree)
    configure_and_build program "${like_eh[@]}" -Deh_DIR="$EH_BUILD/sdk"
    check_run "$way/build/consumer"
    ;;
  program_subdirectory)
    # With eh-host, which it needs: with the same options, the cache has it.
    configure_and_build program_subdirectory \
      -DCMAKE_BUILD_TYPE=Release -DEH_SOURCE="$EH_SOURCE"
    check_run "$way/build/consumer"
    ;;
  program_refused)
    refused "cannot find what eh::program is linked with: a library for threads" \
      program -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_DISABLE_FIND_PACKAGE_Threads=ON
    cp -R "$prefix" "$way/plugins_only"
    rm "$way/plugins_only/$EH_LIBDIR/cmake/eh/eh-program"*
    refused "this eh was installed without its host" \
      program -DCMAKE_PREFIX_PATH="$PWD/$way/plugins_only"
    ;;
  program_own_zlib)  # found before that of the system, also if only shared
    mkdir -p "$way/zlib/lib"
    touch "$way/zlib/lib/libz.so"
    "$CMAKE_COMMAND" -S "$here/program" -B "$way/build" --log-level=WARNING \
      -DCMAKE_PREFIX_PATH="$prefix" -DZLIB_ROOT="$PWD/$way/zlib"
    grep -Fx "EH_ZLIB_LIBRARY:FILEPATH=$PWD/$way/zlib/lib/libz.so" \
      "$way/build/CMakeCache.txt"
    ;;
  without_curl)  # where its headers are missing, all but Slack is there
    "$CXX" -std=c++20 -Wall -Wextra -Werror -c -I"$EH_SOURCE/host" \
      -o "$way/http.o" "$EH_SOURCE/host/os/http.cc"
    ;;
  without_cmake)
    compile -O2 -shared -fPIC -I"$prefix/include" -o "$way/consumer.so"
    run_experiment "$way/consumer.so" 2>"$way/said"
    if grep optimis "$way/said"; then exit 1; fi
    rm -r "$way/results"
    compile -shared -fPIC -I"$prefix/include" -o "$way/consumer.so"
    run_experiment "$way/consumer.so" 2>"$way/said"
    grep -q "without optimisation" "$way/said"
    grep -q '"optimised":false' "$way/results/consumer/number/eh.json"
    ;;
  without_boost)
    compile -M -I"$prefix/include" >"$way/headers"
    grep -q /eh/abi.h "$way/headers"
    if grep /boost/ "$way/headers"; then exit 1; fi
    ;;
  *)
    echo "there is no test '$way'" >&2
    exit 1
    ;;
esac
