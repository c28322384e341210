#include "cluster/slurm/job_environment.h"

#include <cstdlib>

#include "os/host_name.h"

namespace eh::host {

JobIdentity slurm_job_of(const Environment& environment) {
  const auto text = [&](const char* name) -> std::string {
    const char* value = environment(name);
    return value ? value : "";
  };
  const auto number = [&](const char* name) {
    return std::strtoul(text(name).c_str(), nullptr, 10);
  };
  const auto time = [&](const char* name) -> std::optional<double> {
    const auto value = std::strtod(text(name).c_str(), nullptr);
    if (value <= 0) return {};
    return value;
  };
  JobIdentity out;
  out.job = text("SLURM_JOB_ID");
  out.array_job = text("SLURM_ARRAY_JOB_ID");
  out.array_task = text("SLURM_ARRAY_TASK_ID");
  out.node = text("SLURMD_NODENAME");
  out.id = out.array_job.empty() || out.array_task.empty()
               ? out.job
               : out.array_job + '_' + out.array_task;
  out.restart = static_cast<unsigned>(number("SLURM_RESTART_COUNT"));
  out.cpus = number("SLURM_CPUS_ON_NODE");
  out.has_gpus = environment("SLURM_JOB_GPUS") ||
                 environment("SLURM_STEP_GPUS") ||
                 environment("SLURM_GPUS_ON_NODE");
  out.start = time("SLURM_JOB_START_TIME");
  out.end = time("SLURM_JOB_END_TIME");
  if (out.node.empty()) out.node = host_name();
  return out;
}

}  // namespace eh::host
