# The component `program` of find_package(eh), which was called `host`: defines
# eh::program, that is eh::host, too, and eh_add_program().
include("${CMAKE_CURRENT_LIST_DIR}/EhProgramDependencies.cmake")
eh_find_program_dependencies(eh_program_missing)
if(eh_program_missing)
  set(eh_program_FOUND FALSE)
  set(eh_NOT_FOUND_MESSAGE "cannot find what eh::program is linked with: \
${eh_program_missing} (install it, or tell where it is by ZLIB_ROOT or \
CMAKE_PREFIX_PATH)")
else()
  include("${CMAKE_CURRENT_LIST_DIR}/eh-program-targets.cmake")
  if(NOT TARGET eh::host)
    add_library(eh::host ALIAS eh::program)
  endif()
  include("${CMAKE_CURRENT_LIST_DIR}/EhAddProgram.cmake")
  set(eh_program_FOUND TRUE)
endif()
set(eh_host_FOUND ${eh_program_FOUND})
unset(eh_program_missing)
