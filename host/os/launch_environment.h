// The environment of what this process starts: the user's, but for what tells
// a library that this process is a rank of an MPI job, and for places relative
// to a working directory that the started process does not have.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace eh::host {

/// Entries "NAME=value" as a process in another working directory needs them.
/// `directory`: where relative ones among the places of LD_LIBRARY_PATH,
/// LD_PRELOAD and LD_AUDIT begin; "" leaves these three as they are.
///
/// What launchers (mpirun, srun, flux, aprun ...) give the ranks of a job is
/// left out: two experiments that had it would be two ranks of one job. What
/// tunes an MPI library stays, as OMPI_MCA_btl does.
std::vector<std::string> environment_for_children(
    std::vector<std::string> environment, const std::string& directory);

/// This process's, with its working directory.
std::vector<std::string> environment_for_children();

/// Appends places to LD_LIBRARY_PATH.
void add_library_places(std::vector<std::string>& environment,
                        const std::vector<std::string>& places);

/// The absolute form of each relative place among `places`, which are
/// separated by colons. Those that begin with $ORIGIN and the like are none.
std::vector<std::string> relative_places(const std::string& places,
                                         const std::string& directory);

struct Rank {
  std::string variable;  ///< "OMPI_COMM_WORLD_SIZE"
  std::size_t ranks = 0;
  bool is_first = false;
};
/// What this process is, if it was started as one of several ranks.
std::optional<Rank> rank_of(
    const std::function<const char*(const char* name)>& environment);

}  // namespace eh::host
