# eh_add_program(NAME source...) builds a program that has its experiments in
# it and calls eh::run_main() (eh/host.hpp). As with eh_add_plugin(), the
# commit and the flags are recorded, and what registers experiments has to be
# among the sources, not in a static library.

function(eh_add_program name)
  if(NOT ARGN)
    message(FATAL_ERROR "eh_add_program(${name}): name its sources")
  endif()
  eh_default_build_type()
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE eh::sdk eh::program)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_link_options(${name} PRIVATE "LINKER:--build-id")
  eh_compile_code_apart(${name})
  eh_record_build(${name} ${ARGN})
endfunction()
