/* Plugins that are wrong, one for each WRONG_... */
#include "eh/abi.h"

static void describe(const eh_plugin* plugin, const eh_catalog* catalog) {
  (void)plugin;
  (void)catalog;
}

static int run(const eh_plugin* plugin, uint64_t id, uint64_t point,
               const eh_run* host) {
  (void)plugin;
  (void)id;
  (void)point;
  (void)host;
  return EH_RUN_OK;
}

static eh_plugin plugin = {.size = sizeof(eh_plugin),
                           .abi_major = EH_ABI_MAJOR,
                           .abi_minor = EH_ABI_MINOR,
                           .dirty = -1,
                           .describe = describe,
                           .run = run};

#if defined(WRONG_NO_ENTRY)
EH_EXPORT const eh_plugin* some_other_function(void) {
  return &plugin;
}
__attribute__((constructor)) static void must_not_run(void) {
  __builtin_trap();
}
#elif defined(WRONG_VERSION_2)
EH_EXPORT const eh_plugin* eh_plugin_v2(uint32_t minor);
const eh_plugin* eh_plugin_v2(uint32_t minor) {
  (void)minor;
  return &plugin;
}
__attribute__((constructor)) static void must_not_run(void) {
  __builtin_trap();
}
#else
#if defined(WRONG_UNDEFINED)
extern int defined_nowhere(int);
#elif defined(WRONG_DEPENDENCY)
extern int of_a_missing_library(void);
#endif
const eh_plugin* eh_plugin_v1(uint32_t minor) {
  (void)minor;
#if defined(WRONG_NULL)
  return (void*)0;
#elif defined(WRONG_SHORT)
  plugin.size = 16;
#elif defined(WRONG_RUN)
  plugin.run = (void*)0;
#elif defined(WRONG_MAJOR)
  plugin.abi_major = 3;
#elif defined(WRONG_UNDEFINED)
  plugin.dirty = defined_nowhere(1);
#elif defined(WRONG_DEPENDENCY)
  plugin.dirty = of_a_missing_library();
#endif
  return &plugin;
}
#endif
