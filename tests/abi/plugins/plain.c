/* A good plugin in plain C: the boundary needs no C++ and no SDK. Describes
 * one of everything, and what it runs does a little of everything. With
 * PLAIN_1_0 it is one that was built with version 1.0 of the boundary. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "eh/abi.h"

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

static const eh_text methods[] = {TEXT("exact"), TEXT("sampled")};
static const eh_text* const method_choices[] = {&methods[0], &methods[1]};

static const eh_parameter load = {sizeof(eh_parameter),
                                  TEXT("load"),
                                  TEXT("double"),
                                  EH_REAL,
                                  0,
                                  {sizeof(eh_value), TEXT("0.5"), TEXT("0.5")},
                                  NULL,
                                  0};
static const eh_parameter method = {
    sizeof(eh_parameter),
    TEXT("method"),
    TEXT("Method"),
    EH_CHOICE,
    0,
    {sizeof(eh_value), TEXT("\"exact\""), TEXT("exact")},
    method_choices,
    2};
static const eh_parameter sizes = {sizeof(eh_parameter),
                                   TEXT("sizes"),
                                   TEXT("std::vector<int>"),
                                   EH_LIST,
                                   EH_INTEGER,
                                   {sizeof(eh_value), {NULL, 0}, TEXT("none")},
                                   NULL,
                                   0};
static const eh_parameter* const parameters[] = {&load, &method, &sizes};

/* Values 0.25 and 0.5, the label of the first one shortened. */
static void load_value(const eh_axis* axis, uint64_t i,
                       void (*take)(void*, const eh_value*), void* context) {
  static const eh_value values[] = {
      {sizeof(eh_value), TEXT("0.25"), TEXT("quarter")},
      {sizeof(eh_value), TEXT("0.5"), TEXT("0.5")}};
  (void)axis;
  take(context, &values[i]);
}

/* Values 0, 1, 2. */
static void number_value(const eh_axis* axis, uint64_t i,
                         void (*take)(void*, const eh_value*), void* context) {
  char digit = (char)('0' + i);
  eh_value value = {sizeof(eh_value), {&digit, 1}, {&digit, 1}};
  (void)axis;
  take(context, &value);
}

static const eh_axis load_axis = {sizeof(eh_axis), NULL, 0, 2,
                                  load_value,      0,    0};
static const eh_axis other_axis = {sizeof(eh_axis), NULL, 2, 3,
                                   number_value,    0,    0};
static const eh_axis* const axes[] = {&load_axis, &other_axis};

/* Points 0, 1 and 4 of the 6. */
static int keeps(const eh_experiment* experiment, uint64_t point) {
  (void)experiment;
  return point < 2 || point == 4;
}

/* What lies behind the group of 1.0 is not to be read. */
#ifdef PLAIN_1_0
#define MINOR 0
#define GROUP_SIZE offsetof(eh_group, config)
#else
#define MINOR EH_ABI_MINOR
#define GROUP_SIZE sizeof(eh_group)
#endif

static const eh_group group = {GROUP_SIZE,
                               TEXT("main"),
                               TEXT("A group in C"),
                               TEXT("plain.c"),
                               7,
                               TEXT("{\"class\": \"Config\"}")};

static void add_named(const eh_catalog* catalog, uint64_t id, const char* name,
                      uint32_t line) {
  eh_experiment e = {.size = sizeof(eh_experiment)};
  e.id = id;
  e.group = group.name;
  e.name.data = name;
  e.name.size = strlen(name);
  e.file = group.file;
  e.line = line;
  e.retries = -1;
  catalog->experiment(catalog->context, &e);
}

static void describe(const eh_plugin* plugin, const eh_catalog* catalog) {
  static const eh_problem problem = {sizeof(eh_problem), TEXT("a \"problem\""),
                                     TEXT("plain.c"), 9};
  eh_experiment sweep = {.size = sizeof(eh_experiment)};
  (void)plugin;
  catalog->group(catalog->context, &group);
  add_named(catalog, 0, "one", 10);
  add_named(catalog, 1, "day/1", 11);
  add_named(catalog, 2, "day/2", 11);
  add_named(catalog, 3, "brace{{}}", 11);
  add_named(catalog, 5, "after a gap", 11);
  sweep.id = 6;
  sweep.group = group.name;
  sweep.name.data = "sweep/{load}";
  sweep.name.size = strlen(sweep.name.data);
  sweep.parameters = parameters;
  sweep.parameter_count = 3;
  sweep.axes = axes;
  sweep.axis_count = 2;
  sweep.keeps = keeps;
  sweep.timeout_seconds = 600;
  sweep.retries = 1;
  catalog->experiment(catalog->context, &sweep);
  catalog->problem(catalog->context, &problem);
}

static int run(const eh_plugin* plugin, uint64_t id, uint64_t point,
               const eh_run* host) {
  eh_record record = {sizeof(eh_record), EH_INFO, 12, TEXT("from C"),
                      TEXT("/src/plain.c")};
  (void)plugin;
  (void)point;
  if (id > 6) return EH_RUN_UNKNOWN;
  host->log(host->host, &record);
  return EH_RUN_OK;
}

const eh_plugin* eh_plugin_v1(uint32_t host_minor) {
  static const eh_plugin plugin = {
      sizeof(eh_plugin), EH_ABI_MAJOR, MINOR, TEXT("0.0.1"), TEXT("cc"),
      {NULL, 0},         TEXT("abc"),  1,     describe,      run};
  (void)host_minor;
  puts("printed while loading");
  return &plugin;
}
