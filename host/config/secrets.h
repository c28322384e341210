// Secrets of a configuration file, where a copy of it is kept: the copy is
// without them, and they are read from the file itself when they are needed.
#pragma once

#include <string>

#include "config/file.h"
#include "config/sources.h"

namespace eh::host {

/// The text of a file without its secrets and comments, in which there may be
/// some, too. All else stays where it is.
std::string text_without_secrets(const ConfigText& file);

/// `variables`, and those that give a group the secrets that its file has now;
/// without these where the file cannot be used any more, or others can read it.
Variables with_secrets_of(const ConfigText& file, Variables variables,
                          const std::string& group);

}  // namespace eh::host
