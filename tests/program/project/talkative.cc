// A program that prints before it is eh-host.
#include <cstdio>
#include <cstdlib>
#include <eh/eh.hpp>
#include <eh/host.hpp>
#include <iostream>

EH_GROUP(main, "What is run after all the talk");
EH_EXPERIMENT(main, "one", [] { std::cout << "from one\n"; });

int main(int argc, char** argv) {
  std::cout << "{\"hello\":\n" << std::flush;
  std::puts("welcome");
  std::cout << "no newline" << std::flush;
  if (argc > 2 && argv[2] == std::string("describe"))
    if (const char* code = std::getenv("TALKATIVE_ENDS"))
      return std::atoi(code);
  return eh::run_main(argc, argv);
}
