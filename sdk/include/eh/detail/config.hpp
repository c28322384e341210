// What every header of the SDK needs to know about the compiler.
//
// Each namespace of the SDK is opened with EH_HIDDEN: were its statics visible,
// two plugins in one process would share them, whatever the plugins were
// compiled with. The attribute holds for one namespace body only, so it stands
// on each of them.
#ifndef EH_DETAIL_CONFIG_HPP
#define EH_DETAIL_CONFIG_HPP

#include <eh/version.hpp>

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "eh needs C++20: compile with -std=c++20"
#endif

#define EH_HIDDEN __attribute__((visibility("hidden")))

// Code without templates is needed once in a plugin. Without more, each file
// that includes eh has it, as inline functions. With EH_SEPARATE_CODE a file
// only declares it, and a source of eh (eh_code.cc, which eh_add_plugin() adds)
// is compiled with the others: they then compile in about half the time.
#if !defined(EH_SEPARATE_CODE)
#define EH_CODE inline
#define EH_DETAIL_CODE_HERE 1
#else
#define EH_CODE
#ifdef EH_DETAIL_IS_CODE_FILE
#define EH_DETAIL_CODE_HERE 1
#else
#define EH_DETAIL_CODE_HERE 0
#endif
#endif

#define EH_DETAIL_CAT_(a, b) a##b
#define EH_DETAIL_CAT(a, b) EH_DETAIL_CAT_(a, b)

// Whether members' and enumerators' names can be had without a macro.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__) && \
    !defined(__EDG__)
#define EH_DETAIL_REFLECTS 1
#else
#define EH_DETAIL_REFLECTS 0
#endif

namespace eh EH_HIDDEN {

/// A place in a source file. As a last argument with the default `current()`
/// it is the caller's.
class Location {
 public:
  explicit constexpr Location(const char* file, unsigned line)
      : file_(file), line_(line) {}
  static constexpr Location current(const char* file = __builtin_FILE(),
                                    unsigned line = __builtin_LINE()) {
    return Location(file, line);
  }
  constexpr const char* file() const { return file_; }
  constexpr unsigned line() const { return line_; }

 private:
  const char* file_;
  unsigned line_;
};

}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CONFIG_HPP
