// An experiment's values and files, as the functions of abi.h ask for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "eh/abi.h"

namespace eh::host::child {

/// What became of a write: the answer to the plugin.
struct Written {
  int code = 0;            ///< 0 or 1
  bool disk_full = false;  ///< or over a quota
};

/// Each hands its reason to `error`, if there is one. `at` is the directory
/// that relative paths are below.
/// `before_naming` is called when the file is written, but not yet there.
Written write_file(int at, std::string_view path, std::string_view content,
                   eh_take_text error, void* context,
                   const std::function<void()>& before_naming = {});
Written write_value(int at, std::string_view path, const eh_item* items,
                    std::size_t count, eh_take_text error, void* context);
/// 0, 1 if there is no such file, or 2 after an error. `before_taking` gets the
/// content first; the file is to be a plain one then.
int read_file(int at, std::string_view path, eh_take_text take,
              eh_take_text error, void* context,
              const std::function<void(std::string_view)>& before_taking = {});
int read_value(int at, std::string_view path, std::uint32_t how,
               eh_take_items take, eh_take_text error, void* context);

}  // namespace eh::host::child
