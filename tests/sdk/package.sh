#!/bin/sh
# Usage: package.sh CMAKE CXX SOURCE_DIR SHOW_PLUGIN
# A project of a user's: with the SDK installed, from its build tree, and as a
# subfolder. Each build records the commit and whether the sources differ.
set -eu
cmake=$1 cxx=$2 source=$3 show=$4
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CXX="$cxx"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE || true

expect() {
  "$show" "$folder/build/libmine.so" > "$folder/shown"
  grep -qx "$1" "$folder/shown" || {
    echo "expected '$1' in:"
    cat "$folder/shown"
    exit 1
  }
}
configure() {
  rm -rf "$folder/build"
  "$cmake" -S "$folder/user" -B "$folder/build" -DCMAKE_BUILD_TYPE=Debug "$@" \
    > "$folder/log" || { cat "$folder/log"; exit 1; }
}
build() {
  "$cmake" --build "$folder/build" > "$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
}

# The SDK alone, as the project builds it.
mkdir "$folder/sdk"
version=$(sed -n 's/.*SDK_VERSION "\(.*\)"/\1/p' \
  "$source/sdk/include/eh/version.hpp")
cat > "$folder/sdk/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.22)
project(eh VERSION $version LANGUAGES CXX)
add_subdirectory($source/sdk sdk)
END
"$cmake" -S "$folder/sdk" -B "$folder/sdk-build" > "$folder/log"
"$cmake" --install "$folder/sdk-build" --prefix "$folder/prefix" > "$folder/log"

cp -r "$here/consumer" "$folder/user"
configure "-DCMAKE_PREFIX_PATH=$folder/prefix"
build
expect 'commit '
expect 'dirty -1'
expect "sdk $version"
expect 'flags Debug: -g, not optimised'
expect 'experiment one'

if command -v git > /dev/null; then
  git="git -C $folder/user -c user.name=a -c user.email=a@b"
  $git init -q
  $git add CMakeLists.txt
  $git commit -q -m one
  build
  expect 'dirty 1' # its source is not in the commit
  $git add .
  $git commit -q -m two
  build
  expect "commit $($git rev-parse HEAD)"
  expect 'dirty 0'
  echo '# changed' >> "$folder/user/CMakeLists.txt"
  build
  expect 'dirty 1'
  $git commit -q -a -m three
  build
  expect "commit $($git rev-parse HEAD)"
  expect 'dirty 0'
fi

configure "-Deh_DIR=$folder/sdk-build/sdk"
build
expect 'experiment one'
configure "-DEH_SDK_DIR=$source/sdk"
build
expect 'experiment one'
