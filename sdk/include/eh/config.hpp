// Configuration: values that can be set without building anew.
//
//   struct MyConfig : eh::Config {
//     std::string message = "Hello";
//     int number = 42;
//     MyConfig() { output_directory = "/data"; }  // not needed
//   };
//   EH_CONFIG(MyConfig, message, number)
//   EH_GROUP(main, "an example", MyConfig);
//
//   static void greet(eh::Run& run) {
//     const auto& config = run.config<MyConfig>();
//     run.log().info("{} {}", config.message, config.number);
//   }
//
// What run.config() gives is merged from all layers, of which the later wins:
// the defaults, the group's class, the configuration file, the environment
// (EH_NUMBER=7) and the command line (--set number=7).
//
// A value is a bool, an integer, a float or double, a std::string, a
// std::filesystem::path, an enum, any std::chrono::duration (a finite one), a
// plain struct of these, or a std::vector, std::array, std::optional, or
// std::map or std::unordered_map from std::string, of any of these.
//
// A class that derives from eh::Config changes the framework's defaults, too.
// One that does not is a plain struct, as for parameters: with gcc it needs no
// macro. Classes can derive from one another; each has an EH_CONFIG of its own
// that lists its own members, in the namespace of the class.
#ifndef EH_CONFIG_HPP
#define EH_CONFIG_HPP

#include <eh/detail/config.hpp>
#include <eh/detail/config_class.hpp>
#include <eh/detail/config_schema.hpp>
#include <eh/framework_config.hpp>
#include <eh/reflect.hpp>
#include <string>

namespace eh EH_HIDDEN {

/// The values of a configuration as a JSON object: all of the class's own, and
/// those of the framework that differ from eh::Config's defaults or from the
/// class's. Never a secret. Throws std::runtime_error for a value that JSON has
/// no form for: an endless duration, an enum's value without a name.
template <class C>
std::string values_json(const C& config) {
  if constexpr (detail::check_config<C>())
    return detail::config_values(config);
  else
    return {};
}

}  // namespace EH_HIDDEN

/// EH_CONFIG(MyConfig, message, number): the members of the class itself.
#define EH_CONFIG(type, ...)                                                 \
  EH_PARAMETERS(type, __VA_ARGS__)                                           \
  [[maybe_unused]] constexpr auto eh_lineage_of(::eh::detail::Search search, \
                                                const type* its)             \
      ->::eh::detail::Lineage<type, decltype(eh_lineage_of(search, its))> {  \
    return {};                                                               \
  }                                                                          \
  static_assert(::eh::detail::check_config<type>() || true);

#endif  // EH_CONFIG_HPP
