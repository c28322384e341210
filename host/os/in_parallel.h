// Work in several threads, as far as the system allows more of them.
#pragma once

#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

#include "os/signals_blocked.h"

namespace eh::host {

/// Calls `work(part)` for each part below `parts`, at the same time where
/// threads can be had. It must not throw.
template <class Work>
void in_parallel(std::size_t parts, const Work& work) {
  std::vector<std::jthread> threads;
  for (std::size_t part = 0; part < parts; ++part) {
    try {
      const SignalsBlocked in_the_thread;
      threads.emplace_back([&work, part] { work(part); });
    } catch (const std::system_error&) {
      work(part);
    }
  }
}

}  // namespace eh::host
