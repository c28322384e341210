// What SLURM tells a job of itself, by its environment.
#pragma once

#include "cluster/scheduler.h"
#include "os/gpus.h"

namespace eh::host {

JobIdentity slurm_job_of(const Environment& environment);

}  // namespace eh::host
