// A program without experiments, which writes and reads files.
#include <eh/io.hpp>
#include <iostream>

struct Wait {
  double wait = 0.5;
  int served = 3;
};

int main() {
  eh::write("new/waits.csv.gz", std::vector<Wait>(2));
  const auto waits = eh::read<std::vector<Wait>>("new/waits.csv.gz");
  std::cout << waits.size() << ' ' << waits.at(1).served << '\n';
  try {
    eh::read("none.txt");
  } catch (const std::runtime_error& error) {
    std::cout << error.what() << '\n';
  }
}
