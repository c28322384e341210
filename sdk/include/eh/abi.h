/* The boundary between an experiment plugin and the programs that run it.
 *
 * A plugin is a shared object that exports one function, eh_plugin_v1(). What
 * it returns describes groups and experiments, and runs one experiment. The
 * process that loads a plugin (eh-child) either describes it or runs a single
 * experiment of it and ends; a plugin is never unloaded.
 *
 * Rules that hold everywhere:
 *  - Plain C11, which also compiles as C++. Nothing is allocated on one side
 *    and freed on the other: results and errors are handed to callbacks and
 *    are valid during that call only, unless a comment says otherwise.
 *  - Every struct but eh_text and eh_item starts with its size in bytes, set by
 *    the side that fills it, and only grows at its end. A reader that meets a
 *    smaller struct treats what is missing as zero. Arrays are therefore arrays
 *    of pointers. eh_text and eh_item never grow.
 *  - Text is UTF-8, given by pointer and length, and need not end in a zero.
 *    {NULL, 0} is an empty text.
 *  - No exception crosses in either direction.
 *  - Callbacks may be called from the calling thread only, except those of
 *    eh_run, which may be called from any thread until eh_plugin.run returns.
 *
 * The major version is part of the exported name, so a plugin for another
 * major version is recognised without running any of its code. The minor
 * version grows when members are added. Compiler and flags are recorded and
 * shown, not compared: nothing here depends on them.
 */
#ifndef EH_ABI_H
#define EH_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EH_ABI_MAJOR 1
#define EH_ABI_MINOR 3

/* The name of the exported function, for loaders. */
#define EH_ABI_ENTRY "eh_plugin_v1"

#if defined(__GNUC__)
#define EH_EXPORT __attribute__((visibility("default")))
#else
#define EH_EXPORT
#endif

typedef struct eh_text {
  const char* data;
  size_t size; /* bytes */
} eh_text;

/* What a parameter holds. */
typedef enum eh_kind {
  EH_BOOL = 1,
  EH_INTEGER = 2, /* of any width and signedness */
  EH_REAL = 3,
  EH_TEXT = 4,
  EH_CHOICE = 5, /* an enumeration, written by its enumerators' names */
  EH_LIST = 6    /* of one of the kinds above */
} eh_kind;

/* A value is written twice: `json` in full, so that reading it back gives the
 * very same value (a non-finite real as "nan", "inf" or "-inf" in quotes), and
 * `label` as it stands in the experiment's name: short, without '/', white
 * space or control characters. A real has at most 12 significant digits in
 * its label. */
typedef struct eh_value {
  size_t size;
  eh_text json;
  eh_text label;
} eh_value;

/* One member of an experiment's parameter struct. Owned by the plugin. */
typedef struct eh_parameter {
  size_t size;
  eh_text name;
  eh_text type;  /* for people: "double", "std::vector<int>", "Method" */
  uint32_t kind; /* eh_kind */
  uint32_t element_kind;         /* eh_kind of a list's elements, else 0 */
  eh_value value;                /* the value where no axis sets another */
  const eh_text* const* choices; /* enumerators, for EH_CHOICE (or a list) */
  size_t choice_count;
} eh_parameter;

/* One dimension of a sweep: the values that one parameter takes. */
typedef struct eh_axis {
  size_t size;
  const void* plugin_data;
  uint32_t parameter; /* index into eh_experiment.parameters */
  uint64_t count;     /* number of values, at least 1 */
  /* Hands value `i`, 0 <= i < count, to `take`, once, before returning. */
  void (*value)(const struct eh_axis* axis, uint64_t i,
                void (*take)(void* context, const eh_value* value),
                void* context);
  /* If range_step is not 0, value `i` is the integer range_first +
   * i * range_step, whose json and label are its digits; value() says the
   * same. A sweep over a million integers then is no longer than one. */
  int64_t range_first;
  int64_t range_step;
} eh_axis;

/* Experiments that share a function: a single one, or a sweep.
 *
 * `name` is a path of components separated by '/', in which "{load}" stands
 * for the label of the parameter `load`; "{{" and "}}" are literal braces. A
 * sweep has one point for each combination of its axes' values. Points are
 * numbered from 0; the last axis varies fastest. */
typedef struct eh_experiment {
  size_t size;
  const void* plugin_data;
  uint64_t id; /* what eh_plugin.run() takes; stable for one build */
  eh_text group;
  eh_text name;
  eh_text description; /* one line; may be empty */
  eh_text file;        /* where it was registered */
  uint32_t line;
  const eh_parameter* const* parameters;
  size_t parameter_count;
  const eh_axis* const* axes;
  size_t axis_count;
  /* Whether a point is part of the sweep; NULL: all are. */
  int (*keeps)(const struct eh_experiment* experiment, uint64_t point);
  double timeout_seconds; /* 0: as the host decides */
  int32_t retries;        /* -1: as the host decides */
} eh_experiment;

/* `config` (since 1.1) describes the group's configuration class as a JSON
 * text, or is empty if it has none:
 *   {"class": "MyConfig", "members": [MEMBER, ...], "overrides": {...}}
 * where a MEMBER is {"name": "load", TYPE..., "value": DEFAULT} and TYPE one of
 *   "kind": "bool" | "text" | "path"
 *   "kind": "integer", "min": N, "max": N
 *   "kind": "real"                         ("single": true for a float)
 *   "kind": "choice", "choices": ["fast", ...]
 *   "kind": "duration"                     (any fraction of seconds)
 *   "kind": "duration", "tick": SECONDS, "min": N, "max": N
 *           (a whole number of ticks, from N to N of them; where it is not
 *            said, what a signed number of 64 bits can be)
 *   "kind": "list", "element": {TYPE...}   ("length": N if it is fixed)
 *   "kind": "map", "element": {TYPE...}    (keys are texts)
 *   "kind": "optional", "element": {TYPE...}
 *   "kind": "object", "members": [MEMBER, ...]
 * with "type", for people: "double". A DEFAULT is the value's JSON; a duration
 * is "SECONDSs", such as "0.5s" or "-1s", a non-finite real "nan", "inf" or
 * "-inf", an empty optional null. "overrides" holds the framework's values
 * (eh::Config) whose defaults the class changes, nested as in a configuration
 * file. */
typedef struct eh_group {
  size_t size;
  eh_text name;
  eh_text description;
  eh_text file;
  uint32_t line;
  eh_text config;
} eh_group;

/* Something wrong in a registration, found while describing it. */
typedef struct eh_problem {
  size_t size;
  eh_text message;
  eh_text file;
  uint32_t line;
} eh_problem;

/* Receives a plugin's description, in the order of registration. Each struct
 * and what it points to is valid during the call. */
typedef struct eh_catalog {
  size_t size;
  void* context;
  void (*group)(void* context, const eh_group* group);
  void (*experiment)(void* context, const eh_experiment* experiment);
  void (*problem)(void* context, const eh_problem* problem);
} eh_catalog;

typedef enum eh_level {
  EH_DEBUG = 10,
  EH_INFO = 20,
  EH_WARNING = 30,
  EH_ERROR = 40,
  EH_CRITICAL = 50
} eh_level;

/* One log record. The time is taken by the receiver. */
typedef struct eh_record {
  size_t size;
  uint32_t level; /* eh_level */
  uint32_t line;  /* 0 if unknown */
  eh_text text;
  eh_text file; /* may be empty */
} eh_record;

/* Since 1.2: exported by the program that runs an experiment, for code that has
 * no eh_run at hand: does what eh_run.log does, for the experiment that this
 * process runs. From any thread, at any time, also in a process that the
 * experiment forked. Returns 0 if there is no experiment, and then does
 * nothing. Weak, so that it is null where no such program is around. */
EH_EXPORT int eh_log_v1(const eh_record* record)
#if defined(__GNUC__)
    __attribute__((weak))
#endif
    ;

/* Receives the text of an error or the content of a file. */
typedef void (*eh_take_text)(void* context, eh_text text);

/* Since 1.3: what a value consists of, whatever the format of its file. */
typedef enum eh_item_kind {
  EH_ITEM_NULL = 0,
  EH_ITEM_BOOL = 1,    /* natural: 0 or 1 */
  EH_ITEM_INTEGER = 2, /* integer */
  EH_ITEM_NATURAL = 3, /* natural */
  EH_ITEM_REAL = 4,    /* real */
  EH_ITEM_SINGLE = 5,  /* real, which was a float: fewer digits tell it */
  EH_ITEM_TEXT = 6,    /* data: `count` bytes */
  EH_ITEM_LIST = 7,    /* `count` items follow */
  EH_ITEM_MAP = 8,     /* `count` times a key, a text, and its item */
  EH_ITEM_TABLE = 9,   /* `count` names of columns, texts; then the items of
                        * the first row, of the second and so on */
  EH_ITEM_ARRAY = 10,  /* data: plain memory, row by row; the lengths of its
                        * `count` dimensions follow, naturals */
  /* Only in what was read: `data` is `count` bytes as the file has them. */
  EH_ITEM_NUMBER = 11, /* any number of a JSON text */
  EH_ITEM_WORD = 12    /* a cell or a line, of which no type is known; empty
                        * where there is none */
} eh_item_kind;

/* What a number in memory is. Only this machine's byte order crosses. */
typedef enum eh_element {
  EH_ELEMENT_ANY = 0,
  EH_INT8 = 1,
  EH_INT16 = 2,
  EH_INT32 = 3,
  EH_INT64 = 4,
  EH_UINT8 = 5,
  EH_UINT16 = 6,
  EH_UINT32 = 7,
  EH_UINT64 = 8,
  EH_FLOAT32 = 9,
  EH_FLOAT64 = 10,
  EH_BOOL8 = 11,  /* a byte: 0 or 1 */
  EH_STRING = 12, /* of a column: a text */
  EH_QUOTED = 13  /* of a text that was read: a cell in quotes, which some put
                   * around numbers, too */
} eh_element;

/* A value is an array of items: one, and behind one that has others in it
 * these, each followed by what is in it. */
typedef struct eh_item {
  uint32_t kind;    /* eh_item_kind */
  uint32_t element; /* eh_element: of an array, and of a list or the name of
                     * a column whose items all are such, or null; of a text
                     * that is all: EH_STRING if it is a value as others are,
                     * else it is a file's content as it is */
  uint64_t count;
  union {
    int64_t integer;
    uint64_t natural; /* of a list, map or table: how many items follow it and
                       * are in it, at any depth */
    double real;
    const void* data; /* of what was read, valid during the call */
  } as;
  uint64_t place; /* in the text it was read from: the line times 2^32, plus
                   * the column, both from 1; else 0 */
} eh_item;

typedef void (*eh_take_items)(void* context, const eh_item* items,
                              size_t count);

/* How a file is read. */
enum {
  EH_READ_FORMAT = 0, /* as its name's ending says */
  EH_READ_PLAIN = 1,  /* one EH_ITEM_TEXT: all bytes, decompressed */
  EH_READ_JSON = 2    /* no file: the `path` is itself the JSON text of a value,
                       * as a cell of CSV has it that is a list or the like */
};

/* Since 1.3: exported like eh_log_v1; they do what eh_run.write_value and
 * eh_run.read_value do, for the experiment that this process runs. Without one,
 * a relative path is below the working directory. */
EH_EXPORT int eh_write_v1(eh_text path, const eh_item* items, size_t count,
                          eh_take_text error, void* context)
#if defined(__GNUC__)
    __attribute__((weak))
#endif
    ;
EH_EXPORT int eh_read_v1(eh_text path, uint32_t how, eh_take_items take,
                         eh_take_text error, void* context)
#if defined(__GNUC__)
    __attribute__((weak))
#endif
    ;

/* What an experiment is given while it runs. All members are owned by the
 * host and valid until eh_plugin.run returns. */
typedef struct eh_run {
  size_t size;
  void* host; /* first argument of the functions below */
  eh_text group;
  eh_text name;             /* the full name within the group */
  eh_text leaf_directory;   /* absolute; also the working directory */
  eh_text launch_directory; /* where the user started the host; absolute */
  eh_text run_id;
  uint32_t workers; /* CPUs this experiment may use, at least 1 */
  uint32_t slot;    /* 0 <= slot < jobs; no two running ones share it */
  uint32_t attempt; /* 1 for the first */
  uint64_t seed;    /* derived from group and name (and the user's salt) */

  /* Appends to the leaf's log. Never fails visibly; a log that cannot be
   * written makes the experiment fail when it ends. */
  void (*log)(void* host, const eh_record* record);
  /* Non-zero once the experiment was asked to stop (time limit, Ctrl-C,
   * preemption). The first call changes what SIGTERM does: from ending the
   * process to setting this flag. */
  int (*stop_requested)(void* host);
  /* Appends a point to metrics.jsonl. A process that dies loses at most its
   * last second of points. */
  void (*metric)(void* host, eh_text name, double step, double value);
  /* Writes a file whole or not at all; compressed if the name ends in .gz.
   * A relative path is below the leaf. Returns 0, or hands the reason to
   * `error`, once, and returns non-zero. */
  int (*write_file)(void* host, eh_text path, eh_text content,
                    eh_take_text error, void* context);
  /* Reads a file, decompressed if its name ends in .gz. Returns 0 after
   * handing the content to `content`, 1 if there is no such file, 2 after
   * handing the reason to `error`. */
  int (*read_file)(void* host, eh_text path, eh_take_text content,
                   eh_take_text error, void* context);
  /* States that the experiment failed, before run() returns EH_RUN_FAILED:
   * `type` is an exception's type or empty. */
  void (*failed)(void* host, eh_text type, eh_text message);
  /* Since 1.1: the configuration after all layers, as a JSON object: every
   * member of the group's class, and those of the framework's values that
   * some layer set. Written as in eh_group. May be empty. */
  eh_text config;
  /* Since 1.3: keeps a final figure, which the verdict then says however the
   * experiment ends; of several with the same name the last. `json` is a
   * number, true, false or a text, in full as in eh_value. Returns 0, or 1 if
   * it is none of these or `name` is empty. One that cannot be written makes
   * the experiment fail when it ends. */
  int (*result)(void* host, eh_text name, eh_text json);
  /* Since 1.3: says whether a file, by a path below the leaf, is to be removed
   * once the verdict says that the experiment is done. Nothing is removed if
   * it ends in any other way. */
  void (*remove_when_done)(void* host, eh_text path, int remove);
  /* Since 1.3: writes a value, whole or not at all, in the format that the
   * ending of the path tells, and compressed if a further one does: .gz, .zst,
   * .xz or .bz2. A single EH_ITEM_TEXT is written as it is, whatever the
   * ending. A relative path is below the leaf; sftp://... goes there. Returns
   * 0, or hands the reason to `error`, once, and returns non-zero. */
  int (*write_value)(void* host, eh_text path, const eh_item* items,
                     size_t count, eh_take_text error, void* context);
  /* Since 1.3: reads a value. `how` is EH_READ_...; https:// can be read, too.
   * Returns 0 after handing the value to `take`, 1 if there is no such file, 2
   * after handing the reason to `error`. */
  int (*read_value)(void* host, eh_text path, uint32_t how, eh_take_items take,
                    eh_take_text error, void* context);
} eh_run;

/* What eh_plugin.run returns. */
enum {
  EH_RUN_OK = 0,
  EH_RUN_FAILED = 1,  /* after eh_run.failed told why */
  EH_RUN_UNKNOWN = 2, /* no such id or point, or its name is not eh_run.name */
  EH_RUN_STOPPED = 3  /* returned early since stop_requested() was true */
};

/* A plugin. Owned by it, valid for ever. */
typedef struct eh_plugin {
  size_t size;
  uint32_t abi_major; /* EH_ABI_MAJOR */
  uint32_t abi_minor; /* EH_ABI_MINOR of the header it was built with */
  eh_text sdk_version;
  eh_text compiler; /* name and version */
  eh_text flags;    /* build type and options, as far as known; may be empty.
                     * "not optimised" is among them if the compiler was told
                     * so: the host then says that measurements are slow */
  eh_text commit;   /* of the plugin's source; empty if unknown */
  int32_t dirty;    /* 1: the source differed from it, 0: not, -1: unknown */
  void (*describe)(const struct eh_plugin* plugin, const eh_catalog* catalog);
  /* Runs one point of one experiment and returns EH_RUN_... */
  int (*run)(const struct eh_plugin* plugin, uint64_t id, uint64_t point,
             const eh_run* run);
} eh_plugin;

/* The exported function. `host_minor` is the minor version that the loader
 * knows. Returns NULL if the plugin cannot work with it. */
typedef const eh_plugin* (*eh_plugin_entry)(uint32_t host_minor);
EH_EXPORT const eh_plugin* eh_plugin_v1(uint32_t host_minor);

#ifdef __cplusplus
}
#endif

#endif /* EH_ABI_H */
