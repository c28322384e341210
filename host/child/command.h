// What a process does that is started as a child: contract/child.h's command
// line. eh-child is nothing else; a program with experiments in it becomes this
// when its first word says so.
#pragma once

namespace eh::host::child {

/// Does what the words behind `argv[0]` say and returns an exit code, or ends
/// the process. `otherwise` is the line printed if they say nothing known.
int child_command(int argc, char** argv, const char* otherwise);

}  // namespace eh::host::child
