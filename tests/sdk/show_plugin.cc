// Prints what a plugin says about itself, a fact on each line.
#include <iostream>

#include "fake_host.h"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: show_plugin PLUGIN\n";
    return 2;
  }
  const eh_plugin* plugin = fake::load(argv[1]);
  std::cout << "sdk " << fake::text(plugin->sdk_version) << "\ncompiler "
            << fake::text(plugin->compiler) << "\nflags "
            << fake::text(plugin->flags) << "\ncommit "
            << fake::text(plugin->commit) << "\ndirty " << plugin->dirty
            << '\n';
  const fake::Catalog catalog = fake::describe(plugin);
  for (const auto& group : catalog.groups)
    std::cout << "group " << group.name << ' ' << group.config << '\n';
  for (const auto& experiment : catalog.experiments)
    std::cout << "experiment " << experiment.name << '\n';
  for (const auto& problem : catalog.problems)
    std::cout << "problem " << problem.message << '\n';
} catch (const std::exception& error) {
  std::cerr << "cannot show this plugin: " << error.what() << '\n';
  return 1;
}
