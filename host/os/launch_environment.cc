#include "os/launch_environment.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/text.h"
#include "os/spawn.h"

namespace eh::host {
namespace {

// Beginnings of names; of several that fit, the longest decides. MCA variables
// are tuning, but for those by which Open MPI's mpirun tells a rank who it is.
struct Beginning {
  std::string_view text;
  bool tells_the_rank;
};
constexpr Beginning beginnings[] = {
    // Open MPI, PMIx and PRRTE
    {"OMPI_APP_CTX_", true},
    {"OMPI_ARGV", true},
    {"OMPI_COMMAND", true},
    {"OMPI_COMM_WORLD_", true},
    {"OMPI_FILE_LOCATION", true},
    {"OMPI_FIRST_RANKS", true},
    {"OMPI_MCA_ess", true},
    {"OMPI_MCA_initial_wdir", true},
    {"OMPI_MCA_orte_app_num", true},
    {"OMPI_MCA_orte_bound_at_launch", true},
    {"OMPI_MCA_orte_ess_", true},
    {"OMPI_MCA_orte_hnp_uri", true},
    {"OMPI_MCA_orte_jobfam_session_dir", true},
    {"OMPI_MCA_orte_launch", true},
    {"OMPI_MCA_orte_local_daemon_uri", true},
    {"OMPI_MCA_orte_num_", true},
    {"OMPI_MCA_orte_precondition_transports", true},
    {"OMPI_MCA_orte_tag_output", true},
    {"OMPI_MCA_orte_top_session_dir", true},
    {"OMPI_MCA_pmix", true},
    {"OMPI_MCA_pmix_", false},
    {"OMPI_MCA_shmem_RUNTIME_QUERY_hint", true},
    {"OMPI_NUM_APP_CTX", true},
    {"OMPI_UNIVERSE_SIZE", true},
    {"OPAL_PMIX_", true},
    {"ORTE_", true},
    {"PMIX_", true},
    {"PMIX_INSTALL_PREFIX", false},
    {"PMIX_MCA_", false},
    {"PRTE_", true},
    {"PRTE_MCA_", false},
    {"PRTE_MCA_ess", true},
    {"PRTE_MCA_prte_ess_", true},
    {"PRTE_MCA_prte_hnp_uri", true},
    {"PRTE_PREFIX", false},
    // MPICH, Intel MPI, MVAPICH, Platform MPI
    {"HYDI_", true},
    {"MPISPAWN_", true},
    {"MPI_LOCALNRANKS", true},
    {"MPI_LOCALRANKID", true},
    {"MPI_NRANKS", true},
    {"MPI_RANKID", true},
    {"MV2_COMM_WORLD_", true},
    {"PMI_", true},
    {"PMI2_", true},
    {"PMI_MMAP_SYNC_WAIT_TIME", false},
    {"PMI_NO_", false},
    // Cray, IBM, Flux
    {"ALPS_", true},
    {"FLUX_JOB_SIZE", true},
    {"FLUX_TASK_", true},
    {"JSM_NAMESPACE_", true},
    {"PALS_", true},
};

// In a step that srun started, and not in the batch step of a job, where they
// mean the whole job.
constexpr std::string_view of_slurm_step[] = {
    "SLURM_GTIDS",   "SLURM_LOCALID",        "SLURM_PROCID",  "SLURM_STEPID",
    "SLURM_STEP_ID", "SLURM_STEP_NUM_TASKS", "SLURM_TASK_PID"};

constexpr char slurm_step_size[] = "SLURM_STEP_NUM_TASKS";

std::string_view name_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

bool tells_the_rank(std::string_view name, bool in_slurm_step) {
  const Beginning* longest = nullptr;
  for (const auto& one : beginnings)
    if (name.starts_with(one.text) &&
        (!longest || one.text.size() > longest->text.size()))
      longest = &one;
  if (longest) return longest->tells_the_rank;
  return in_slurm_step &&
         std::find(std::begin(of_slurm_step), std::end(of_slurm_step), name) !=
             std::end(of_slurm_step);
}

// "$ORIGIN/lib" is relative to something else.
bool is_relative(std::string_view place) {
  return !place.starts_with('/') && !place.starts_with('$');
}

std::string absolute(const std::string& place, const std::string& directory) {
  return place.empty() ? directory : directory + '/' + place;
}

// A place that is empty is the working directory, but where all of it is.
std::string library_path(const std::string& value,
                         const std::string& directory) {
  if (value.empty()) return value;
  std::string out;
  std::string place;
  const auto add = [&] {
    out += is_relative(place) ? absolute(place, directory) : place;
    place.clear();
  };
  for (const char c : value) {
    if (c != ':' && c != ';') {
      place += c;
      continue;
    }
    add();
    out += c;
  }
  add();
  return out;
}

// Libraries, of which those without a slash are searched for.
std::string libraries(const std::string& value, const std::string& directory) {
  std::string out;
  std::string library;
  const auto add = [&] {
    const bool place = library.find('/') != library.npos;
    out +=
        place && is_relative(library) ? absolute(library, directory) : library;
    library.clear();
  };
  for (const char c : value) {
    if (c != ':' && c != ' ') {
      library += c;
      continue;
    }
    add();
    out += c;
  }
  add();
  return out;
}

// A colon cannot be said in any of the three.
void make_absolute(std::string& entry, const std::string& directory) {
  if (directory.empty() || directory.find_first_of(":; ") != directory.npos)
    return;
  const auto name = name_of(entry);
  const auto value = entry.substr(std::min(entry.size(), name.size() + 1));
  if (name == "LD_LIBRARY_PATH")
    entry = "LD_LIBRARY_PATH=" + library_path(value, directory);
  else if (name == "LD_PRELOAD" || name == "LD_AUDIT")
    entry = std::string(name) + '=' + libraries(value, directory);
}

}  // namespace

std::vector<std::string> environment_for_children(
    std::vector<std::string> environment, const std::string& directory) {
  const bool in_slurm_step =
      std::any_of(environment.begin(), environment.end(),
                  [](const auto& e) { return name_of(e) == slurm_step_size; });
  std::erase_if(environment, [&](const std::string& entry) {
    return tells_the_rank(name_of(entry), in_slurm_step);
  });
  for (auto& entry : environment) make_absolute(entry, directory);
  return environment;
}

std::vector<std::string> environment_for_children() {
  std::error_code gone;
  return environment_for_children(current_environment(),
                                  std::filesystem::current_path(gone).string());
}

void add_library_places(std::vector<std::string>& environment,
                        const std::vector<std::string>& places) {
  if (places.empty()) return;
  const std::string name = "LD_LIBRARY_PATH=";
  auto found =
      std::find_if(environment.begin(), environment.end(),
                   [&](auto& entry) { return entry.starts_with(name); });
  if (found == environment.end())
    found = environment.insert(environment.end(), name);
  for (const auto& place : places)
    *found += (found->size() > name.size() ? ":" : "") + place;
}

std::vector<std::string> relative_places(const std::string& places,
                                         const std::string& directory) {
  std::vector<std::string> out;
  if (places.empty() || directory.empty()) return out;
  for (const auto& place : split(places, ':'))
    if (is_relative(place)) out.push_back(absolute(place, directory));
  return out;
}

std::optional<Rank> rank_of(
    const std::function<const char*(const char* name)>& environment) {
  for (const auto& [size, rank] :
       {std::pair{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
        {"PMI_SIZE", "PMI_RANK"},
        {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
        {"MPI_NRANKS", "MPI_RANKID"},
        {"JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_RANK"},
        {"FLUX_JOB_SIZE", "FLUX_TASK_RANK"},
        {slurm_step_size, "SLURM_PROCID"}}) {
    const char* ranks = environment(size);
    const char* number = environment(rank);
    if (!ranks || !number) continue;
    const auto count = parse_number<std::size_t>(ranks);
    if (count && *count > 1)
      return Rank{size, *count, std::string_view(number) == "0"};
  }
  return {};
}

}  // namespace eh::host
