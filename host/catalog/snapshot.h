// A plugin as it was when the run began, whatever is rebuilt meanwhile.
#pragma once

#include <string>

namespace eh::host {

class PluginSnapshot {
 public:
  /// Copies the plugin into `folder`/<SHA-1>/, unless a right copy is there
  /// already (os/own_copy.h). One that finds its libraries relative to itself
  /// ($ORIGIN in its run path), or for which there is no room, or none that
  /// programs may be run from, stays where it is and is watched instead. The
  /// path of this program stands for what was started, whatever was built there
  /// since. Throws Error.
  PluginSnapshot(const std::string& plugin, const std::string& folder);

  /// The file to load. Throws Error (bad_plugin) if it has changed since.
  const std::string& path() const;
  const std::string& sha1() const { return sha1_; }
  const std::string& build_id() const { return build_id_; }

 private:
  bool copy(const std::string& content, const std::string& folder);

  std::string original_;
  std::string path_;
  std::string sha1_;
  std::string build_id_;
  mutable std::string watched_;  // what identified the file at `path_`
};

/// The path of a copy of eh-host below `folder`, with one of eh-child beside
/// it. Where there can be none, eh-host's own path. Throws Error.
std::string host_snapshot(const std::string& folder);

}  // namespace eh::host
