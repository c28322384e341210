#include "cluster/slurm/script.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "cluster/task_plan.h"

namespace eh::host {
namespace {

constexpr std::size_t most_comment = 200;
constexpr double most_signal_delay = 65535;  // seconds

std::string minutes(double seconds) {
  return std::to_string(static_cast<long long>(std::ceil(seconds / 60)));
}

// Memory as sbatch takes it: whole gigabytes, or megabytes.
std::string memory(double gigabytes) {
  const auto whole = static_cast<long long>(gigabytes);
  if (static_cast<double>(whole) == gigabytes)
    return std::to_string(whole) + (whole ? "G" : "");
  const auto megabytes = static_cast<long long>(std::ceil(gigabytes * 1024));
  return std::to_string(megabytes) + 'M';
}

// Not in the first half of a short limit, when there is nothing to save yet.
long long warning_seconds(const SlurmSettings& settings) {
  auto delay = std::min(settings.signal_delay, most_signal_delay);
  if (settings.time_limit) delay = std::min(delay, *settings.time_limit / 2);
  return static_cast<long long>(std::ceil(delay));
}

// Bytes without line ends, and not so many: accounting keeps it.
std::string comment_of(const std::string& command) {
  auto out = printable(command);
  if (out.size() > most_comment) {
    out.resize(most_comment);
    while (!out.empty() && (out.back() & 0xC0) == 0x80) out.pop_back();
    if (!out.empty() && (out.back() & 0x80)) out.pop_back();
    out += "...";
  }
  return out;
}

// The "#SBATCH" lines. What comes last wins.
class Head {
 public:
  void add(const std::string& option, const std::string& value) {
    text_ += "#SBATCH --" + option + '=' + sbatch_quoted(value) + '\n';
  }
  void add_if(const char* option, const std::string& value) {
    if (!value.empty()) add(option, value);
  }
  void line(const std::string& text) { text_ += "#SBATCH " + text + '\n'; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string head_of(const JobScript& script) {
  const auto& s = script.settings;
  Head head;
  head.add_if("partition", s.partition);
  head.add_if("account", s.account);
  head.add_if("qos", s.qos);
  head.add_if("reservation", s.reservation);
  head.add_if("licenses", s.licenses);
  head.add_if("constraint", s.constraint);
  head.add_if("exclude", s.exclude);
  head.add("nodes", std::to_string(s.nodes));
  head.add("ntasks-per-node", "1");
  head.add("cpus-per-task", std::to_string(task_cpus(script.plan, s)));
  if (s.gpus > 0)
    head.add("gres", "gpu:" + (s.gpu_type.empty() ? "" : s.gpu_type + ':') +
                         std::to_string(s.gpus));
  if (s.mem) head.add("mem", memory(*s.mem));
  if (s.time_limit) head.add("time", minutes(*s.time_limit));
  if (const auto delay = warning_seconds(s); delay > 0)
    head.add("signal", "B:USR2@" + std::to_string(delay));
  head.line(s.max_requeues > 0 ? "--requeue" : "--no-requeue");
  head.line("--open-mode=append");
  head.add("chdir", script.launch_directory);
  head.add("output", log_pattern(script));
  head.add_if("comment", comment_of(script.command));
  for (const auto& option : s.options) head.line(option);
  return head.text();
}

void check_path(const std::string& what, const std::string& path,
                const std::string& bad) {
  if (path.find_first_of(bad) != path.npos)
    throw Error(exit_usage, "cannot run on SLURM: the path of " + what + ", '" +
                                printable(path) +
                                "', has a line end or a backslash in it, with"
                                " which SLURM cannot do (use another path)");
}

// For any POSIX shell, whatever the lines of the setup do to it.
constexpr char checks[] = R"sh(eh_node=${SLURMD_NODENAME:-$(hostname)}

# Where the folder is missing SLURM would take another for it, and go on.
if [ ! -f "$eh_run/spec.json" ]; then
  echo "eh: cannot run on node $eh_node: it does not see the run's folder" \
    "$eh_run (mount its file system there, or leave the node out)" >&2
  exit NO_FOLDER
fi
unset EH_PLUGIN_PATH
)sh";

// What bash calls ERR is not of functions and files that a line uses: what
// those let fail is their matter ("conda activate"). "set -e" is all that
// others have.
constexpr char guard[] = R"sh(
# Each line of the setup has to succeed, but for those after a line "set +e".
eh_may_fail=
eh_failed() {  # STATUS [LINE DEPTH]
  if [ -n "$eh_may_fail" ] || [ "${3:-1}" -gt 1 ]; then return 0; fi
  eh_line=${2:+"'$(sed -n "$2p" "$eh_run/job.sh")'"}
  echo "eh: cannot run on node $eh_node: ${eh_line:-a line} of the setup" \
    "failed with exit status $1 (correct it; after a line 'set +e' lines may" \
    "fail)" >&2
  exit NO_SETUP
}
if [ -n "${BASH_VERSION:-}" ]; then
  trap 'eh_failed $? $LINENO ${#BASH_SOURCE[@]}' ERR
else
  set -e
  trap 'eh_failed $?' EXIT
fi

)sh";

// The host answers 2 to this word alone, if it can run at all.
constexpr char probe[] = R"sh(
eh_why=$("$eh_host" --eh-child 2>&1) && eh_status=0 || eh_status=$?
if [ "$eh_status" -ne 2 ]; then
  echo "eh: cannot run on node $eh_node: the host does not start there" \
    "(exit status $eh_status): $eh_why (leave the node out, or build for it)" \
    >&2
  exit NO_START
fi

exec "$eh_host" --eh-task "$eh_run" "$eh_first"
)sh";

std::string with(std::string text, const std::string& word, int number) {
  return text.replace(text.find(word), word.size(), std::to_string(number));
}

// But for spaces.
bool says(const std::string& line, const std::string& command) {
  const auto begin = line.find_first_not_of(" \t");
  return begin != line.npos &&
         line.compare(begin, command.size(), command) == 0 &&
         line.find_first_not_of(" \t", begin + command.size()) == line.npos;
}

std::string setup_of(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  auto out = with(guard, "NO_SETUP", script_no_setup);
  for (const auto& line : lines) {
    out += line + '\n';
    if (says(line, "set +e")) out += "eh_may_fail=yes\n";
    if (says(line, "set -e")) out += "eh_may_fail=\n";
  }
  return out + "eh_may_fail=yes\n";
}

}  // namespace

std::string late_warning_text(const SlurmSettings& settings) {
  if (!settings.time_limit || *settings.time_limit >= settings.signal_delay)
    return {};
  return "the time limit of a task (" + duration_text(*settings.time_limit) +
         ") is shorter than the time that it is warned ahead (" +
         duration_text(settings.signal_delay) +
         "): it is warned when half of its time is over"
         " (--slurm-signal-delay says otherwise)";
}

std::string sbatch_quoted(std::string_view text) {
  static constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "_-./,:=+@%";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos)
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string log_pattern(const JobScript& script) {
  const auto& given = script.settings.log_dir;
  std::string out;
  for (const char c : given.empty() ? script.run_folder + "/slurm" : given) {
    if (c == '%') out += '%';
    out += c;
  }
  return out + "/%A_%a.out";
}

std::string job_script(const JobScript& script) {
  check_path("the results", script.run_folder, "\n\r\\");
  check_path("the working directory", script.launch_directory, "\n\r");
  check_path("the program", script.host, "\n\r");
  std::string out = "#!" + script.settings.shell + '\n';
  out += head_of(script);
  out += "\n# A task of a run of eh. That of its array's index 0 is $1.\n";
  out += "eh_first=$1\nshift\n";
  out += "eh_run=" + shell_quoted(script.run_folder) + '\n';
  out += "eh_host=" + shell_quoted(script.host) + '\n';
  out += with(checks, "NO_FOLDER", script_no_folder);
  out += setup_of(script.settings.setup);
  out += with(probe, "NO_START", script_no_start);
  return out;
}

std::vector<std::string> sbatch_words(const ArraySubmission& array) {
  auto indices = "0-" + std::to_string(array.count - 1);
  if (array.at_once) indices += '%' + std::to_string(array.at_once);
  std::vector<std::string> out = {"--parsable", "--job-name=" + array.name,
                                  "--array=" + indices};
  if (!array.after.empty())
    out.push_back("--dependency=afterany:" + array.after);
  out.push_back(array.script);
  out.push_back(std::to_string(array.first));
  return out;
}

std::vector<std::string> misleading_variables(
    const std::vector<std::string>& environment,
    const SlurmSettings& settings) {
  // SBATCH_* win over the script, but people have them for what they would
  // else write in each.
  std::vector<std::string> taken = {"SBATCH_ARRAY_INX", "SBATCH_CPUS_PER_TASK",
                                    "SBATCH_JOB_NAME",  "SBATCH_NO_REQUEUE",
                                    "SBATCH_OPEN_MODE", "SBATCH_OUTPUT",
                                    "SBATCH_ERROR",     "SBATCH_REQUEUE",
                                    "SBATCH_SIGNAL",    "SBATCH_WAIT"};
  const auto add = [&](bool given, std::vector<std::string> names) {
    if (given) taken.insert(taken.end(), names.begin(), names.end());
  };
  add(!settings.partition.empty(), {"SBATCH_PARTITION"});
  add(!settings.account.empty(), {"SBATCH_ACCOUNT"});
  add(!settings.qos.empty(), {"SBATCH_QOS"});
  add(!settings.reservation.empty(), {"SBATCH_RESERVATION"});
  add(!settings.constraint.empty(), {"SBATCH_CONSTRAINT"});
  add(settings.time_limit.has_value(), {"SBATCH_TIMELIMIT"});
  add(settings.mem.has_value(),
      {"SBATCH_MEM_PER_NODE", "SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU"});
  add(settings.gpus > 0, {"SBATCH_GRES", "SBATCH_GPUS", "SBATCH_GPUS_PER_NODE",
                          "SBATCH_GPUS_PER_TASK"});
  const auto has = [](const auto& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  // What tells where the controller is, and habits, hold in any job.
  static const std::vector<std::string> kept = {
      "SLURM_CONF", "SLURM_CONF_SERVER", "SLURM_CLUSTERS", "SLURM_JWT",
      "SLURM_MPI_TYPE"};
  const bool allocation =
      std::any_of(environment.begin(), environment.end(), [](const auto& e) {
        return e.starts_with("SLURM_JOB_ID=") || e.starts_with("SLURM_JOBID=");
      });
  std::vector<std::string> out;
  for (const auto& entry : environment) {
    const auto name = entry.substr(0, entry.find('='));
    const bool of_allocation =
        allocation && !has(kept, name) &&
        (name.starts_with("SLURM") || name.starts_with("PMI"));
    if (of_allocation || has(taken, name)) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace eh::host
