// How a program with experiments in it and eh-host start each other. Both are
// of one version; this is not an interface for others.
//
//   eh-host --eh-program VERSION FILE PATH COMMAND WORD...
//       does what `COMMAND WORD...` was to do, in the place of that program.
//       COMMAND is what was typed. FILE is the number of a descriptor of the
//       program's file, which lies at PATH or did before it was deleted; both
//       are "" if there are no experiments in it.
//   ... --eh-request REQUEST ANSWER PARENT
//       as the WORDs: a run that the program's code asks for. What it asks is
//       read from the descriptor REQUEST, what came of it is written to ANSWER
//       (contract/group_run.h). It ends when its parent does, the process
//       PARENT.
//   PROGRAM --eh-child WORD...
//       is to the plugin in PROGRAM what `eh-child WORD...` is to a plugin in a
//       file (contract/child.h), whose PLUGIN then is the very text of PROGRAM.
#pragma once

namespace eh::host::contract {

inline constexpr char program_word[] = "--eh-program";
inline constexpr char request_word[] = "--eh-request";
inline constexpr char child_word[] = "--eh-child";

/// Names the eh-host of programs that have none beside them.
inline constexpr char env_host[] = "EH_HOST";

/// Variables that may hold secrets: a program keeps them for its later runs,
/// and no other process is to see them.
inline constexpr const char* secret_variables[] = {"EH_SLACK", "EH_SLACK_TOKEN",
                                                   "EH_SLACK_WEBHOOK"};

}  // namespace eh::host::contract
