#include "cli/answer_request.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/cluster_run.h"
#include "cli/options.h"
#include "cluster/slurm/settings.h"
#include "contract/group_run.h"
#include "contract/program.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/program.h"
#include "os/refusal.h"
#include "plan/workspace.h"
#include "report/listeners.h"
#include "run/local_run.h"

namespace eh::host {
namespace {

constexpr char from_code[] = "run_group()";

std::vector<ConfigSetting> settings_of(const RunRequest& request) {
  std::vector<ConfigSetting> out;
  if (!request.config.empty()) {
    try {
      const auto values = parse_json(request.config);
      if (values.kind != JsonValue::object)
        throw JsonError(values.place, "expected an object: { ... }");
      for (const auto& member : values.members)
        out.push_back({member.key, {}, from_code, true, member.value});
    } catch (const JsonError& error) {
      throw Error(exit_usage,
                  "cannot read RunRequest::config: line " +
                      std::to_string(error.place.line) + ", column " +
                      std::to_string(error.place.column) + ": " + error.what());
    }
  }
  for (const auto& [name, text] : request.set)
    out.push_back({name, text, from_code, false});
  return out;
}

Options options_of(const RunRequest& request) {
  if (request.group.empty())
    throw Error(exit_usage, "cannot run: RunRequest::group is empty");
  Options out;
  out.query.group = request.group;
  out.query.patterns = request.patterns;
  if (!request.config_file.empty()) out.config_file = request.config_file;
  out.settings = settings_of(request);
  out.force = request.force;
  // As far as it can be said in words.
  out.command_line = this_program().command + ' ' + from_code + ' ' +
                     shell_quoted(request.group);
  for (const auto& pattern : request.patterns)
    out.command_line += ' ' + shell_quoted(pattern);
  return out;
}

// What happened to single experiments in this run.
struct Happened {
  std::set<std::string> ran;
  std::map<std::string, std::string> unwritable;

  void on(const Event& event) {
    if (const auto* ended = std::get_if<ExperimentEnded>(&event))
      ran.insert(ended->name);
    else if (const auto* one = std::get_if<ExperimentUnwritable>(&event))
      unwritable[one->name] = one->message;
  }
};

// What the leaves of a run say.
class Outcomes {
 public:
  Outcomes(const Workspace& workspace, const std::string& group)
      : workspace_(workspace),
        tree_(workspace.results(group)),
        staleness_(workspace.staleness()) {}

  Outcome of(const Experiment& experiment, const Happened& happened) const {
    const auto& catalog = workspace_.catalog();
    Outcome out;
    out.name = catalog.families[experiment.family].name(experiment.point);
    const auto leaf = leaf_of(catalog, experiment);
    out.leaf = tree_.leaf_path(leaf);
    out.ran = happened.ran.count(out.name) > 0;
    out.status = "not_run";
    try {
      if (const auto verdict = tree_.verdict(leaf))
        add(out, experiment, *verdict);
    } catch (const std::exception& error) {
      out.status = "unreadable";
      out.message = error.what();
    }
    if (const auto why = happened.unwritable.find(out.name);
        why != happened.unwritable.end())
      out.message = why->second;
    return out;
  }

 private:
  void add(Outcome& out, const Experiment& experiment,
           const Verdict& verdict) const {
    out.status = status_name(verdict.status);
    out.message = verdict.message;
    out.seconds = verdict.seconds;
    out.attempt = verdict.attempt;
    out.stale = verdict.status == Status::ok && !out.ran &&
                !staleness_.changed(experiment, verdict).empty();
  }

  const Workspace& workspace_;
  const ResultTree tree_;
  const Staleness staleness_;
};

RunResult run(const RunRequest& request) {
  const auto options = options_of(request);
  const Workspace workspace(sources_of(options), options.query);
  const auto chosen = workspace.select(options.query, options.states);
  ListenersOptions shown;
  const auto config = workspace.config(request.group);
  shown.cluster = goes_to_cluster(options, config);
  Listeners listeners(shown, config, request.group);
  Happened happened;
  RunResult out;
  if (shown.cluster) {
    out.exit_code = run_on_cluster(
        workspace,
        {{request.group, options.force_key(), options.command_line},
         false,
         false,
         request.show},
        chosen, listeners, [&](const Event& event) { happened.on(event); });
  } else {
    LocalRun run(workspace,
                 {request.group,
                  options.force_key(),
                  false,
                  {},
                  options.command_line,
                  request.show,
                  slurm_settings_of(config).gpus},
                 [&](const Event& event) {
                   happened.on(event);
                   listeners.on(event);
                 });
    run.on_tick = [&] { listeners.tick(); };
    run.tick_seconds = listeners.tick_seconds();
    out.exit_code = run.run(chosen).exit_code;
  }
  const Outcomes outcomes(workspace, request.group);
  for (const auto& experiment : chosen)
    out.outcomes.push_back(outcomes.of(experiment, happened));
  return out;
}

contract::RunAnswer answer_of(const RunRequest& request,
                              const Starter& starter) {
  try {
    starter.check();
    return {{}, run(request)};
  } catch (const std::exception&) {
    auto refusal = current_refusal();
    return {std::move(refusal.text), {refusal.code, {}}};
  }
}

// The program may have ended before this was asked for.
void end_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::raise(SIGKILL);
}

// A descriptor that no other process is to get.
int descriptor(const std::string& word) {
  const int fd = parse_number<int>(word).value_or(-1);
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
    throw Error(exit_usage,
                std::string("cannot use ") + contract::request_word + ": '" +
                    word + "' is not a descriptor (only programs say this)");
  return fd;
}

RunRequest read_request(int fd) {
  std::string text;
  ::lseek(fd, 0, SEEK_SET);
  child::read_rest(fd, text);
  auto out = contract::parse_request(text);
  if (!out) throw Error(exit_internal, "cannot read what the program asks for");
  return *std::move(out);
}

}  // namespace

bool is_request(const std::vector<std::string>& words) {
  return words.size() == 4 && words[0] == contract::request_word;
}

int answer_request(const std::vector<std::string>& words,
                   const Starter& starter) {
  end_with(parse_number<pid_t>(words[3]).value_or(0));
  const auto request = read_request(descriptor(words[1]));
  const auto answer = answer_of(request, starter);
  write_all(descriptor(words[2]), contract::answer_text(answer),
            "the answer to the program");
  return exit_done;
}

}  // namespace eh::host
