# The compiler of the fuzz tests: libFuzzer comes with clang alone.
if(NOT CMAKE_CXX_COMPILER)
  find_program(EH_CLANG NAMES clang++-14 clang++)
  if(NOT EH_CLANG)
    message(FATAL_ERROR "cannot build the fuzz tests: there is no clang++"
      " (scripts/setup --tests installs it, or set CMAKE_CXX_COMPILER)")
  endif()
  set(CMAKE_CXX_COMPILER ${EH_CLANG})
endif()
