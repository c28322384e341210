# eh_find_host_dependencies(MISSING VERSION...) finds what eh::host is linked
# with: Boost (of find_package()'s VERSION), zlib and threads. Static where it
# can be had: programs then run on machines without them, and each shared
# library costs every experiment time. Who sets Boost_USE_STATIC_LIBS decides
# that himself for Boost.
#
# MISSING is set to what is not there, for people, or to "". Defines Boost's
# targets, Threads::Threads and eh::zlib, which is not ZLIB::ZLIB: that is for
# the project to find as it likes.

function(eh_find_host_dependencies missing)
  set(lacking "")
  set(Boost_FOUND FALSE)
  if(NOT DEFINED Boost_USE_STATIC_LIBS)
    set(Boost_USE_STATIC_LIBS ON)
    find_package(Boost ${ARGN} QUIET COMPONENTS program_options json log)
    if(NOT Boost_FOUND)
      unset(Boost_USE_STATIC_LIBS)
    endif()
  endif()
  if(NOT Boost_FOUND)
    find_package(Boost ${ARGN} QUIET COMPONENTS program_options json log)
  endif()
  if(Boost_FOUND)
    set(EH_BOOST_VERSION "${Boost_VERSION_STRING}" PARENT_SCOPE)
  else()
    string(REPLACE ";" " " version "${ARGN}")
    string(REPLACE "EXACT" "exactly," version "${version}")
    list(APPEND lacking "Boost ${version} with program_options, json and log")
  endif()

  find_library(EH_ZLIB_LIBRARY NAMES libz.a z)
  mark_as_advanced(EH_ZLIB_LIBRARY)
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
