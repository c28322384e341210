# eh_find_program_dependencies(MISSING) finds what eh::program is linked with:
# zlib and threads. Static where it can be had: programs then run on machines
# without it, and each shared library costs every experiment time.
#
# MISSING is set to what is not there, for people, or to "". Defines
# Threads::Threads and eh::zlib, which is not ZLIB::ZLIB: that is for the project
# to find as it likes.

# eh_find_zlib(COMMAND VARIABLE NAME...) is find_library() or find_path() that
# looks where ZLIB_ROOT says first, as find_package(ZLIB) does.
function(eh_find_zlib command variable)
  block()
    file(TO_CMAKE_PATH "$ENV{ZLIB_ROOT}" from_environment)
    set(CMAKE_PREFIX_PATH ${ZLIB_ROOT} ${from_environment})
    cmake_language(CALL ${command} ${variable} NAMES ${ARGN}
      NO_CMAKE_ENVIRONMENT_PATH NO_SYSTEM_ENVIRONMENT_PATH NO_CMAKE_SYSTEM_PATH)
  endblock()
  cmake_language(CALL ${command} ${variable} NAMES ${ARGN})
  mark_as_advanced(${variable})
endfunction()

function(eh_find_program_dependencies missing)
  set(lacking "")
  eh_find_zlib(find_library EH_ZLIB_LIBRARY libz.a z)
  if(NOT EH_ZLIB_LIBRARY)
    list(APPEND lacking "zlib")
  elseif(NOT TARGET eh::zlib)
    add_library(eh::zlib UNKNOWN IMPORTED GLOBAL)
    set_target_properties(eh::zlib PROPERTIES
      IMPORTED_LOCATION "${EH_ZLIB_LIBRARY}")
  endif()

  find_package(Threads QUIET)
  if(NOT Threads_FOUND)
    list(APPEND lacking "a library for threads")
  endif()

  string(REPLACE ";" ", " lacking "${lacking}")
  set(${missing} "${lacking}" PARENT_SCOPE)
endfunction()
