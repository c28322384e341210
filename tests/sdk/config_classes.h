// Configuration classes as a researcher writes them, for tests.
#ifndef EH_TESTS_SDK_CONFIG_CLASSES_H
#define EH_TESTS_SDK_CONFIG_CLASSES_H

#include <eh/eh.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

enum class Mode : unsigned char { fast, exact };
struct Layer {
  int size = 3;
  std::vector<double> weights = {0.5};
  bool operator==(const Layer&) const = default;
};

struct Model {
  std::string name = "net";
  Layer first;
  std::optional<Layer> last;
  bool operator==(const Model&) const = default;
};

struct Study : eh::Config {
  std::string message = "Hello";
  int number = 42;
  int twice() const { return 2 * number; }
};
EH_CONFIG(Study, message, number)

struct Deeper : Study {
  Deeper() {
    number = 7;
    output_directory = "/data";
    timeout = 10min;
    logfiles.push_back({"all.log"});
    slurm.gpus = 1;
    slurm.setup = {"module load cuda"};
    slack.loglevel = eh::LogLevel::error;
  }
  std::vector<double> rates = {0.5};
};
EH_CONFIG(Deeper, rates)

struct NothingOwn : Deeper {
  NothingOwn() { workers = 4; }
};
EH_CONFIG(NothingOwn)

template <class T>
struct Holder {
  T value{};
};

template <class T>
std::string json_of(const T& value) {
  return eh::detail::config_text(value);
}

/// What an exception of `function` says.
template <class F>
std::string thrown(const F& function) {
  try {
    function();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing";
}

#endif  // EH_TESTS_SDK_CONFIG_CLASSES_H
