// Writes and reads files, for bench_data.py to compare with Python's. It prints
// a JSON line for each: what was done, how long it took, the peak of memory.
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <eh/io.hpp>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

struct Row {
  std::int64_t id = 0;
  double x = 0;
  double y = 0;
  std::string name;
};

std::vector<Row> make_rows(std::size_t count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> real;
  std::vector<Row> rows(count);
  for (std::size_t i = 0; i < count; ++i)
    rows[i] = {static_cast<std::int64_t>(i), real(random), real(random),
               "name " + std::to_string(i % 1000)};
  return rows;
}

std::vector<double> make_numbers(std::size_t count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> real;
  std::vector<double> numbers(count);
  for (double& number : numbers) number = real(random);
  return numbers;
}

template <class Call>
void measure(const char* what, const Call& call) {
  const auto begin = std::chrono::steady_clock::now();
  call();
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - begin;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::cout << "{\"what\":\"" << what << "\",\"seconds\":" << took.count()
            << ",\"peak_mib\":" << usage.ru_maxrss / 1024 << "}\n";
}

// By itself, as each has the peak of the memory of all before it.
template <class T>
void write_and_read(const std::string& what, const std::string& file,
                    const T& value) {
  if (what == "write")
    measure("write", [&] { eh::write(file, value); });
  else
    measure("read", [&] { eh::read<T>(file); });
}

}  // namespace

// data write|read rows|numbers COUNT FILE
int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string what = argv[1], kind = argv[2], file = argv[4];
  const std::size_t count = what == "write" ? std::stoul(argv[3]) : 0;
  if (kind == "rows")
    write_and_read(what, file, make_rows(count));
  else
    write_and_read(what, file, make_numbers(count));
}
