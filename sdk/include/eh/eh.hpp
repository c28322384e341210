// Everything that a file of experiments needs.
//
// Durations can be written as 10min or 30s, as in .timeout(10min).
#ifndef EH_EH_HPP
#define EH_EH_HPP

#include <eh/abi.h>

#include <chrono>
#include <eh/config.hpp>
#include <eh/experiment.hpp>
#include <eh/io.hpp>
#include <eh/log.hpp>
#include <eh/reflect.hpp>
#include <eh/run.hpp>
#include <eh/sweep.hpp>
#include <eh/table.hpp>
#include <eh/version.hpp>

using namespace std::chrono_literals;

#endif  // EH_EH_HPP
