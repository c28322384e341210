// The code of the SDK that a plugin needs once; eh_add_plugin() compiles this
// with the plugin's own sources. See EH_SEPARATE_CODE in eh/detail/config.hpp.
#define EH_DETAIL_IS_CODE_FILE
#include <eh/eh.hpp>

#ifdef FMT_VERSION
// What fmt::format() and fmt::print() come down to: sources of the plugin have
// fmt's declarations from eh/log.hpp, and may use them.
[[gnu::used]] static std::string (*const kept_format)(
    fmt::string_view, fmt::format_args) = &fmt::vformat;
[[gnu::used]] static void (*const kept_print)(fmt::string_view,
                                              fmt::format_args) = &fmt::vprint;
#endif
