// Makes a program of the plugin's experiments.
#include <eh/host.hpp>

int main(int argc, char** argv) {
  return eh::run_main(argc, argv);
}
