// What is known about how a plugin was built. eh_add_plugin() adds a generated
// source file that defines eh_build_info; a plugin that is compiled by hand
// has none, and the commit is unknown then.
#ifndef EH_DETAIL_BUILD_INFO_HPP
#define EH_DETAIL_BUILD_INFO_HPP

#include <eh/detail/config.hpp>

/// The generated file repeats this declaration; see EhBuildInfo.cmake.
struct eh_build_info_v1 {
  const char* flags;
  const char* commit;
  int dirty;  // as in eh_plugin
};

extern "C" EH_HIDDEN __attribute__((weak)) const eh_build_info_v1 eh_build_info;

#endif  // EH_DETAIL_BUILD_INFO_HPP
