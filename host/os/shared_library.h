// A library of the system that is loaded when it is first needed, and stays: an
// experiment that does not use it pays nothing for it, and a machine that lacks
// it misses only what it is for.
#pragma once

#include <dlfcn.h>

#include <initializer_list>
#include <string>

#include "os/file_error.h"

namespace eh::host {

class SharedLibrary {
 public:
  /// The first of `names` that there is. Throws FileError, which names the
  /// package of Debian that has it.
  SharedLibrary(std::initializer_list<const char*> names, const char* package) {
    std::string why;
    for (const char* name : names) {
      if ((library_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL))) return;
      if (why.empty()) why = ::dlerror();
    }
    throw FileError(std::string(*names.begin()) + " cannot be loaded: " + why +
                    " (on Debian: apt-get install " + package + ")");
  }

  /// One of its functions, of the type that its header tells.
  template <class Function>
  Function find(const char* name) const {
    if (void* found = ::dlsym(library_, name))
      return reinterpret_cast<Function>(found);
    throw FileError(std::string("the library lacks ") + name +
                    " (a newer one is needed)");
  }

 private:
  void* library_ = nullptr;
};

}  // namespace eh::host

/// A member that is a function of `library_`, which stands before it.
#define EH_FROM_LIBRARY(name) \
  decltype(&::name) name = library_.find<decltype(&::name)>(#name)
