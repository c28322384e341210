// eh::Run, what an experiment is given while it runs: where it is, its seed,
// and the ways to log, to report metrics, to write files and to stop early.
#ifndef EH_RUN_HPP
#define EH_RUN_HPP

#include <eh/abi.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <eh/config.hpp>
#include <eh/detail/checkpoint.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/config_read.hpp>
#include <eh/detail/group_class.hpp>
#include <eh/detail/text.hpp>
#include <eh/detail/value.hpp>
#include <eh/io.hpp>
#include <eh/log.hpp>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace eh EH_HIDDEN {
namespace detail {

/// A seed of its own for each name: FNV-1a of the name, mixed into `seed` by
/// the finaliser of splitmix64. The same on every machine.
EH_CODE std::uint64_t stream_seed(std::uint64_t seed, std::string_view name);

/// Such as "sftp://host/a.csv".
EH_CODE bool is_address(std::string_view path);

}  // namespace detail

/// The file of this plugin, or program, where it was built: what lies beside it
/// is in its parent_path(). What is loaded may be a copy elsewhere, which is
/// what dladdr() and /proc/self/maps name. Also in EH_REGISTER; empty where no
/// eh is around.
EH_CODE std::filesystem::path plugin_path();

/// One running experiment. Every thread of it may use every member but the
/// generators, until the experiment's function returns.
class Run {
 public:
  /// Also for tests of an experiment: functions that `raw` leaves out do
  /// nothing, except that files cannot be written. What it points to has to
  /// outlive this.
  explicit Run(const eh_run& raw, const detail::GroupClass* its_class = nullptr)
      : class_(its_class) {
    std::memcpy(&raw_, &raw, std::min(raw.size, sizeof raw_));
    raw_.size = sizeof raw_;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  std::string_view group() const { return detail::from_text(raw_.group); }
  /// The full name within the group, such as "sweep/c=2/load=0.3/7".
  std::string_view name() const { return detail::from_text(raw_.name); }
  /// The experiment's result folder, which is also the working directory.
  std::filesystem::path leaf() const {
    return detail::from_text(raw_.leaf_directory);
  }
  /// Where the host was started.
  std::filesystem::path launch_directory() const {
    return detail::from_text(raw_.launch_directory);
  }
  /// A file given relative to where the host was started; an address stays.
  std::filesystem::path input(const std::filesystem::path& relative) const {
    return detail::is_address(relative.native())
               ? relative
               : launch_directory() / relative;
  }

  /// CPUs to use, at least 1.
  unsigned workers() const { return std::max(raw_.workers, 1u); }
  /// A small number that no other running experiment of the host has.
  unsigned slot() const { return raw_.slot; }
  /// 1 for the first.
  unsigned attempt() const { return std::max(raw_.attempt, 1u); }

  /// Depends on the experiment's name alone (and the user's salt).
  std::uint64_t seed() const { return raw_.seed; }
  /// The experiment's generator, seeded with seed(). For one thread.
  std::mt19937_64& rng() {
    if (!rng_) rng_.emplace(raw_.seed);
    return *rng_;
  }
  /// A generator for each name, independent of the others. Asking again goes
  /// on where it was. To be called from one thread at a time.
  std::mt19937_64& rng(std::string_view stream) {
    const auto found = streams_.find(stream);
    if (found != streams_.end()) return found->second;
    return streams_
        .try_emplace(std::string(stream),
                     detail::stream_seed(raw_.seed, stream))
        .first->second;
  }

  /// The configuration after all layers: as the class that EH_GROUP names, or
  /// one that it derives from, eh::Config at least. Made at the first call;
  /// where this was made by hand, it is read as any class. Throws
  /// std::runtime_error if the group has another class, or the values are not
  /// of its types.
  template <class C = Config>
  const C& config() const {
    if constexpr (detail::check_config<C>())
      return detail::group_config<C>(class_, configs_,
                                     detail::from_text(raw_.config), group());
  }

  /// Whether to return soon: time is up, or someone asked. From the first call
  /// on the experiment is trusted to look again.
  bool stop_requested() {
    if (!raw_.stop_requested || raw_.stop_requested(raw_.host) == 0)
      return false;
    stopped_.store(true, std::memory_order_relaxed);
    return true;
  }

  /// Adds a point to the plot `name`.
  template <class Step, class Value>
  requires(std::is_arithmetic_v<Step>&&
               std::is_arithmetic_v<Value>) void metric(std::string_view name,
                                                        Step step,
                                                        Value value) {
    if (raw_.metric)
      raw_.metric(raw_.host, detail::to_text(name), static_cast<double>(step),
                  static_cast<double>(value));
  }

  /// Keeps a final figure: a number, a bool, a text or an enumerator. The
  /// verdict says it, however the experiment ends, and `eh-host export` puts it
  /// into a column. Of several with the same name the last counts.
  template <class Value>
  requires(
      detail::Single<Value> ||
      std::is_convertible_v<
          const Value&, std::string_view>) void result(std::string_view name,
                                                       const Value& value) {
    std::string json;
    if constexpr (detail::Single<Value>)
      detail::append_json(json, value);
    else
      detail::append_json_text(json, value);
    // A real that happens to be whole stays a real in tables.
    if constexpr (detail::Real<Value>)
      if (json.find_first_of(".en") == std::string::npos) json += ".0";
    keep_result(name, json);
  }

  Log log() const { return Log({raw_.log, raw_.host}); }

  /// Writes a value whole or not at all, in the format of the name's ending;
  /// see io.hpp. A relative path is below leaf(). Throws std::runtime_error.
  template <class T>
  void write(const std::filesystem::path& path, const T& value) {
    if constexpr (detail::DataText<T>)
      if (!raw_.write_value) return write_bytes(path.native(), value);
    detail::write_data(data(), path.native(), value);
  }
  /// Reads what write() wrote, or another program. Throws std::runtime_error,
  /// which tells the place of what is wrong.
  template <class T = std::string>
  T read(const std::filesystem::path& path) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (!raw_.read_value) {
        std::optional<std::string> content = read_bytes(path.native());
        if (content) return *std::move(content);
        throw std::runtime_error("cannot read '" + path.native() +
                                 "': there is no such file");
      }
    }
    return detail::read_data<T>(data(), path.native());
  }

  /// Keeps a state from which a later attempt goes on, whole or not at all:
  /// numbers, enums, texts, generators of random numbers, plain structs, and
  /// vectors, arrays, maps, sets, pairs, tuples and optionals of these. Any
  /// trivially copyable type is kept as its memory. The file `checkpoint` in
  /// the leaf is removed when the experiment is done. `version` is to differ
  /// where the same bytes mean something else: a number or a text. A type may
  /// say it instead, by `static constexpr int checkpoint_version = 2;`. Throws
  /// std::runtime_error, also for a state that would not read back as it is.
  template <class State>
  void checkpoint(const State& state,
                  const StateVersion& version = detail::version_of<State>()) {
    if constexpr (detail::check_state<State>()) {
      write_bytes("checkpoint", detail::encode_checkpoint(state, version));
      remove_checkpoint_when_done(!keeps_checkpoint_);
    }
  }
  /// The state that an earlier attempt kept, if any. Throws
  /// std::runtime_error if it is of another type or version, or damaged, and
  /// leaves the file where it is.
  template <class State>
  std::optional<State> resume(
      const StateVersion& version = detail::version_of<State>()) {
    std::optional<State> state;
    if constexpr (detail::check_state<State>())
      if (read_checkpoint([&](std::string_view file) {
            detail::decode_checkpoint(file, version, state.emplace());
          }))
        remove_checkpoint_when_done(!keeps_checkpoint_);
    return state;
  }
  /// Leaves the checkpoint where it is when the experiment is done.
  void keep_checkpoint() {
    keeps_checkpoint_ = true;
    remove_checkpoint_when_done(false);
  }

  /// Whether stop_requested() ever was true.
  bool was_stopped() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  detail::DataHost data() const;

  void keep_result(std::string_view name, std::string_view json);

  void remove_checkpoint_when_done(bool remove) {
    if (raw_.remove_when_done)
      raw_.remove_when_done(raw_.host, detail::to_text("checkpoint"), remove);
  }

  void write_bytes(const std::string& path, std::string_view content);

  /// Hands the content of a file to `take`, where the host has it: there is
  /// one copy of it. Returns whether there is such a file. What `take` throws
  /// comes out of here.
  template <class Take>
  bool read_file(const std::string& path, const Take& take) {
    struct Reading {
      const Take& take;
      std::string reason = "there is no host";
      std::exception_ptr thrown{};
    } reading{take};
    const auto pass = [](void* to, eh_text text) noexcept {
      auto& result = *static_cast<Reading*>(to);
      try {
        result.take(detail::from_text(text));
      } catch (...) {
        result.thrown = std::current_exception();
      }
    };
    const auto fail = [](void* to, eh_text text) noexcept {
      detail::assign_text(&static_cast<Reading*>(to)->reason, text);
    };
    const int status = raw_.read_file
                           ? raw_.read_file(raw_.host, detail::to_text(path),
                                            pass, fail, &reading)
                           : 2;
    if (status == 1) return false;
    if (reading.thrown) std::rethrow_exception(reading.thrown);
    if (status != 0)
      throw std::runtime_error("cannot read '" + path + "': " + reading.reason);
    return true;
  }

  std::optional<std::string> read_bytes(const std::string& path);

  template <class Take>
  bool read_checkpoint(const Take& take) {
    try {
      return read_file("checkpoint", take);
    } catch (const detail::StateError& error) {
      throw std::runtime_error(
          "cannot resume from '" + (leaf() / "checkpoint").native() + "': " +
          error.what() + " (go on with what wrote it, or remove the file)");
    }
  }

  eh_run raw_{};
  const detail::GroupClass* class_;
  mutable detail::ConfigCache configs_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> keeps_checkpoint_{false};
  std::atomic<bool> lost_result_{false};
  std::optional<std::mt19937_64> rng_;
  std::map<std::string, std::mt19937_64, std::less<>> streams_;
};

}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/run.hpp>
#endif

#endif  // EH_RUN_HPP
