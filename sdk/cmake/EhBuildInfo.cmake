# Writes the source file that tells a plugin or program how it was built; run with
# cmake -P at each build. A file that would not change is not touched.
#
# OUTPUT  the file          SOURCE_DIR  the folder of the plugin
# FLAGS   of the compiler   SOURCES     of the plugin, joined by '|'
# GIT     the program; the commit is unknown without it
#
# The plugin counts as dirty if a tracked file anywhere in its repository was
# changed, or if a source of its own is not tracked.

set(commit "")
set(dirty -1)
if(GIT)
  execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" rev-parse HEAD
    OUTPUT_VARIABLE head RESULT_VARIABLE status ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(status EQUAL 0)
    set(commit "${head}")
    string(REPLACE "|" ";" SOURCES "${SOURCES}")
    execute_process(
      COMMAND "${GIT}" --no-optional-locks -C "${SOURCE_DIR}" status
        --porcelain --untracked-files=no
      OUTPUT_VARIABLE changed RESULT_VARIABLE status ERROR_QUIET)
    execute_process(
      COMMAND "${GIT}" -C "${SOURCE_DIR}" ls-files --others -- ${SOURCES}
      OUTPUT_VARIABLE untracked RESULT_VARIABLE other_status ERROR_QUIET)
    if(status EQUAL 0)
      set(dirty 0)
      # A source outside of the repository makes git fail here.
      if(changed OR untracked OR NOT other_status EQUAL 0)
        set(dirty 1)
      endif()
    endif()
  endif()
endif()

string(REPLACE "\\" "\\\\" flags "${FLAGS}")
string(REPLACE "\"" "\\\"" flags "${flags}")
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [=[
// Generated. How this was built; see eh/detail/build_info.hpp.
struct eh_build_info_v1 {
  const char* flags;
  const char* commit;
  int dirty;
};
extern "C" __attribute__((visibility("hidden")))
const eh_build_info_v1 eh_build_info = {"@flags@", "@commit@", @dirty@};
]=])
