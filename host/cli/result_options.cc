#include "cli/result_options.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "data/codec.h"
#include "export/writer.h"

namespace eh::host {
namespace {

namespace po = boost::program_options;

po::options_description export_options() {
  po::options_description out("With 'export'", 79);
  auto add = out.add_options();
  add("to,o", po::value<std::string>()->value_name("FILE"),
      ("write to FILE, as its ending says: .csv, .tsv, .json, .jsonl, each "
       "also "
       "with " +
       codec_endings() + ", and .npz ('-': CSV to stdout)")
          .c_str());
  add("group-by", po::value<std::string>()->value_name("NAMES"),
      "one row for each combination of these: --group-by servers,load; with "
      "mean, standard deviation, count and 95 % confidence interval of every "
      "result over the rest");
  add("metrics", "the points of run.metric() instead, one a row");
  add("all", "also those that have not run");
  add("spreadsheet",
      "for Excel and LibreOffice: in CSV and TSV, an apostrophe before texts "
      "that they would take for a formula, such as =1+1");
  return out;
}

po::options_description clean_options() {
  po::options_description out("With 'clean'", 79);
  auto add = out.add_options();
  add("done", "finished ones, which otherwise always stay");
  add("attempts", "only what earlier attempts left");
  add("older-than", po::value<std::string>()->value_name("TIME"),
      "only what ended longer ago: --older-than 30d");
  return out;
}

void refuse_elsewhere(const po::variables_map& values, bool here,
                      const char* command,
                      std::initializer_list<const char*> options) {
  for (const char* option : options)
    if (values.count(option) && !here)
      throw Error(exit_usage, std::string("--") + option +
                                  " goes with the command '" + command + "'");
}

void take_export(ExportOptions& out, const po::variables_map& values) {
  out.metrics = values.count("metrics") > 0;
  out.all = values.count("all") > 0;
  out.spreadsheet = values.count("spreadsheet") > 0;
  if (values.count("dry-run") || values.count("dry"))
    throw Error(exit_usage,
                "cannot use --dry-run with 'export': it runs nothing");
  if (values.count("to")) out.to = values["to"].as<std::string>();
  if (out.to.find("://") != std::string::npos)
    throw Error(exit_usage, "cannot export to '" + out.to +
                                "': tables are written to files of this"
                                " machine (copy it there)");
  if (out.to.empty())
    throw Error(exit_usage, "cannot use --to '': it names no file");
  if (!values.count("group-by")) return;
  for (auto& name : split(values["group-by"].as<std::string>(), ',')) {
    const auto first = name.find_first_not_of(' ');
    if (first == name.npos)
      throw Error(exit_usage,
                  "cannot use --group-by '" +
                      values["group-by"].as<std::string>() +
                      "': it is not a list of names (--group-by servers,load)");
    name = name.substr(first, name.find_last_not_of(' ') + 1 - first);
    if (std::find(out.group_by.begin(), out.group_by.end(), name) ==
        out.group_by.end())
      out.group_by.push_back(name);
  }
  if (out.metrics)
    throw Error(exit_usage,
                "cannot group metrics: --group-by is about results (leave out "
                "--metrics)");
}

void take_clean(CleanOptions& out, const po::variables_map& values) {
  out.done = values.count("done") > 0;
  out.attempts = values.count("attempts") > 0;
  if (!values.count("older-than")) return;
  const auto& text = values["older-than"].as<std::string>();
  out.older_than = parse_duration(text);
  if (!out.older_than)
    throw Error(exit_usage, "cannot use --older-than '" + text +
                                "': it is not a duration (30d, 12h, 1d12h)");
}

}  // namespace

std::vector<po::options_description> result_options() {
  return {export_options(), clean_options()};
}

void take_result_options(Options& out, const po::variables_map& values) {
  const bool exports = out.command == Options::export_results;
  const bool cleans = out.command == Options::clean;
  refuse_elsewhere(values, exports, "export",
                   {"to", "group-by", "metrics", "all", "spreadsheet"});
  refuse_elsewhere(values, cleans, "clean", {"done", "attempts", "older-than"});
  if (exports && values.count("output")) {
    const auto& folder = values["output"].as<std::string>();
    if (find_table_format(folder))
      throw Error(exit_usage,
                  "cannot use --output '" + folder +
                      "' with 'export': it names the folder of results (-o " +
                      folder + " writes a table)");
  }
  if (exports) take_export(out.exporting, values);
  if (cleans) take_clean(out.cleaning, values);
}

}  // namespace eh::host
