// The framework's own configuration values: what a configuration class
// inherits, and with which defaults. Hosts know them by these names, too.
//
// These types are as visible as the user's, since compilers warn of a class
// that is more visible than its base. They have no statics that could be
// shared between plugins.
#ifndef EH_FRAMEWORK_CONFIG_HPP
#define EH_FRAMEWORK_CONFIG_HPP

#include <chrono>
#include <concepts>
#include <eh/detail/config.hpp>
#include <eh/reflect.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace eh {

/// Seconds, of which chrono's units make one: `timeout = 10min`.
using Duration = std::chrono::duration<double>;

enum class LogLevel { debug, info, warning, error, critical };

/// A file for what is logged.
struct LogFile {
  std::filesystem::path file;
  double size = 0;  ///< megabytes before a new one is begun; 0: never
  int count = 5;    ///< how many are kept
};

/// A value that only the host knows. It is empty in an experiment, and it
/// cannot be set in source code: the environment or a private file does.
class Secret {
 public:
  Secret() = default;

  template <class T>
  requires(!std::is_same_v<T, Secret>) Secret(const T&) {
    static_assert(std::is_void_v<T>,
                  "a secret is not set in source code: set it in the "
                  "environment (EH_SLACK_TOKEN) or in a private file "
                  "(slack.token_file)");
  }
};

/// How experiments run on a SLURM cluster.
struct SlurmConfig {
  bool enabled = false;
  std::string partition;
  std::string account;
  std::string qos;
  std::string reservation;
  std::string licenses;
  std::string constraint;
  std::string exclude;                   ///< nodes to avoid
  int nodes = 1;                         ///< of each task
  std::optional<int> cpus;               ///< of each task; none: workers
  int gpus = 0;                          ///< of each task
  std::string gpu_type;                  ///< such as "a100"
  std::optional<double> mem;             ///< GB; none: the cluster's default
  std::optional<Duration> time_limit;    ///< of a task; none: the partition's
  std::optional<int> simultaneous_jobs;  ///< tasks at a time; none: jobs
  int max_array_size = 1001;             ///< tasks in one array at most
  std::filesystem::path log_dir;         ///< empty: in the run's own folder
  std::string shell = "/bin/bash";       ///< of the job's script
  std::vector<std::string> setup;        ///< lines such as "module load cuda"
  std::vector<std::string> options;      ///< more of sbatch, as it takes them
  Duration signal_delay{60};             ///< warning ahead of the time limit
  std::optional<bool> pack;  ///< several experiments a task; none: as it suits
  int max_requeues = 5;      ///< how often one goes on in another job
  int max_alike = 10;        ///< stop after so many alike failures; 0: never
  std::string sbatch_cmd = "sbatch";
  std::string scancel_cmd = "scancel";
  std::string squeue_cmd = "squeue";
  std::string scontrol_cmd = "scontrol";
};

/// What is reported to Slack.
struct SlackConfig {
  Secret token;                        ///< of a Slack app: EH_SLACK_TOKEN
  std::filesystem::path token_file;    ///< a private file that holds it
  std::string channel;                 ///< its id
  Secret webhook;                      ///< an incoming one: EH_SLACK_WEBHOOK
  std::filesystem::path webhook_file;  ///< a private file that holds it
  std::string api_url = "https://slack.com/api/";  ///< for GovSlack, say
  LogLevel loglevel = LogLevel::warning;           ///< sent from this level up
  Duration deadline{5};  ///< time that Slack may take when the run ends
};

/// The framework's own values.
struct Config {
  /// Where results go: <output_directory>/<group>/<name>. Relative to where the
  /// host is started.
  std::filesystem::path output_directory = "results";
  /// The verdict's file in a result folder.
  std::string meta_filename = "eh.json";
  /// Patterns of files with which an unfinished experiment goes on where it is.
  std::vector<std::string> checkpoint_files = {"*checkpoint*"};
  /// Plugins to load. To be set in a configuration file, not by a class.
  std::vector<std::filesystem::path> plugins;
  /// Folders whose plugins are loaded. As above.
  std::vector<std::filesystem::path> plugin_directories;
  /// Time that a plugin may take to load. As above.
  Duration load_timeout{30};
  /// Experiments at the same time. None: as many as there are CPUs for.
  std::optional<int> jobs;
  /// CPUs that each experiment may use.
  int workers = 1;
  /// Time limit of each experiment. None: no limit.
  std::optional<Duration> timeout;
  /// Time between asking an experiment to stop and killing it.
  Duration grace_period{10};
  /// How often an experiment that failed is run again.
  int retries = 0;
  /// Start nothing new after so many have failed. None: go on.
  std::optional<int> max_fail;
  /// Each start waits a random time, up to this.
  Duration random_start_delay{0};
  /// Gives all experiments other seeds.
  std::string salt;
  /// The console shows records from this level up.
  LogLevel loglevel = LogLevel::warning;
  /// Files for all records, from debug up.
  std::vector<LogFile> logfiles;
  SlurmConfig slurm;
  SlackConfig slack;
};

}  // namespace eh

namespace eh EH_HIDDEN {

EH_CHOICES(LogLevel, debug, info, warning, error, critical)

// As EH_PARAMETERS, but templates: who asks for no configuration has nothing
// to compile.
#define EH_DETAIL_FRAMEWORK(type, ...)                                   \
  template <std::same_as<type> T>                                        \
  constexpr auto eh_parameters_of(detail::Tag<T>) {                      \
    return std::tuple{EH_DETAIL_EACH(EH_DETAIL_MEMBER, T, __VA_ARGS__)}; \
  }
EH_DETAIL_FRAMEWORK(LogFile, file, size, count)
EH_DETAIL_FRAMEWORK(SlurmConfig, enabled, partition, account, qos, reservation,
                    licenses, constraint, exclude, nodes, cpus, gpus, gpu_type,
                    mem, time_limit, simultaneous_jobs, max_array_size, log_dir,
                    shell, setup, options, signal_delay, pack, max_requeues,
                    max_alike, sbatch_cmd, scancel_cmd, squeue_cmd,
                    scontrol_cmd)
EH_DETAIL_FRAMEWORK(SlackConfig, token, token_file, channel, webhook,
                    webhook_file, api_url, loglevel, deadline)
EH_DETAIL_FRAMEWORK(Config, output_directory, meta_filename, checkpoint_files,
                    plugins, plugin_directories, load_timeout, jobs, workers,
                    timeout, grace_period, retries, max_fail,
                    random_start_delay, salt, loglevel, logfiles, slurm, slack)
#undef EH_DETAIL_FRAMEWORK

}  // namespace EH_HIDDEN

#endif  // EH_FRAMEWORK_CONFIG_HPP
