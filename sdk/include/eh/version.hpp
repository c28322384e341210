// The version of the SDK, for the compiler and for CMake, which reads it from
// here. It is the only place that states it.
#ifndef EH_VERSION_HPP
#define EH_VERSION_HPP

#define EH_SDK_VERSION "0.1.0"

#endif  // EH_VERSION_HPP
