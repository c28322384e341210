# eh_add_plugin(NAME source...) builds a plugin: a shared object from which
# nothing but the one function of eh/abi.h can be seen. An undefined symbol is
# an error when linking, not in the middle of an experiment. The git commit of
# the sources, whether they differ from it, and the flags are recorded with
# each build, for the results to tell what made them.
#
# The result is lib<NAME>.so in the build folder; use target_link_libraries(NAME
# PRIVATE ...) and the like as with any target. Give the sources that register
# experiments to the plugin itself: from a static library they would be left
# out.
#
# A project that says nothing of optimisation, by CMAKE_BUILD_TYPE or its flags,
# is built as Release.

function(eh_add_plugin name)
  if(NOT ARGN)
    message(FATAL_ERROR "eh_add_plugin(${name}): name its sources")
  endif()
  eh_default_build_type()
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE eh::sdk)
  set_target_properties(${name} PROPERTIES
    PREFIX lib
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  target_link_options(${name} PRIVATE "LINKER:--build-id")
  # clang links its sanitizers' functions into programs only.
  eh_flags(flags)
  if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND flags MATCHES "sanitize"))
    target_link_options(${name} PRIVATE "LINKER:-z,defs")
  endif()
  eh_compile_code_apart(${name})
  eh_record_build(${name} ${ARGN})
endfunction()

# The code of the SDK that is needed once is compiled in a file of its own, and
# so not again with each change of the others.
function(eh_compile_code_apart name)
  set(code "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/eh_code.cc")
  target_sources(${name} PRIVATE "${code}")
  target_compile_definitions(${name} PRIVATE EH_SEPARATE_CODE)
  set_source_files_properties("${code}" PROPERTIES
    SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Without a build type CMake compiles for the debugger at best: what experiments
# measure then is several times slower. Who set a type, flags of his own or
# several configurations has chosen, and so has who adds this project to his.
function(eh_default_build_type)
  get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  eh_flags(flags)
  if(CMAKE_BUILD_TYPE OR several OR flags MATCHES "(^| )-O" OR
     NOT PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    return()
  endif()
  message(STATUS "eh: no CMAKE_BUILD_TYPE is set, so this is built as Release")
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug, RelWithDebInfo"
    FORCE)
endfunction()

# The compiler's flags in this folder.
function(eh_flags result)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  get_directory_property(options COMPILE_OPTIONS)
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}} ${options}")
  string(REPLACE ";" " " flags "${flags}")
  string(REGEX REPLACE " +" " " flags "${flags}")
  string(STRIP "${flags}" flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# Adds a source file that is rewritten when the commit or the flags changed,
# and only then, so that nothing else is compiled again.
function(eh_record_build name)
  eh_flags(flags)
  set(info "${CMAKE_CURRENT_BINARY_DIR}/${name}.eh/build_info.cc")
  set(sources "")
  foreach(source IN LISTS ARGN)
    get_filename_component(source "${source}" ABSOLUTE)
    string(FIND "${source}" "${CMAKE_CURRENT_BINARY_DIR}/" in_build)
    if(NOT in_build EQUAL 0)
      list(APPEND sources "${source}")
    endif()
  endforeach()
  string(REPLACE ";" "|" sources "${sources}")
  find_program(EH_GIT git)
  mark_as_advanced(EH_GIT)
  add_custom_target(${name}_build_info
    COMMAND "${CMAKE_COMMAND}"
      "-DOUTPUT=${info}"
      "-DFLAGS=$<$<BOOL:$<CONFIG>>:$<CONFIG>: >${flags}"
      "-DSOURCE_DIR=${CMAKE_CURRENT_SOURCE_DIR}"
      "-DSOURCES=${sources}"
      "-DGIT=${EH_GIT}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/EhBuildInfo.cmake"
    BYPRODUCTS "${info}"
    COMMENT "Recording the commit of ${name}"
    VERBATIM)
  # It repeats a struct of the headers, which a project may have precompiled.
  set_source_files_properties("${info}" PROPERTIES
    SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${name} PRIVATE "${info}")
  add_dependencies(${name} ${name}_build_info)
endfunction()
