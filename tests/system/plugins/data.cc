// Values in files, for Python to look at and from Python to be read.
#include <unistd.h>

#include <cstdlib>
#include <eh/eh.hpp>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>

namespace {

struct Record {
  bool on = false;
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
  std::int64_t odd = 9007199254740993;
  double real = 0.1;
  float single = 0.1f;
  std::string text;
};

std::vector<Record> records() {
  std::vector<Record> all(4);
  all[0].text = "plain";
  all[1].text = "comma, \"quote\" and\nline";
  all[1].real = std::numeric_limits<double>::infinity();
  all[2].text = "\u00fcn\u00efc\u00f6de \U0001f600";
  all[2].real = std::numeric_limits<double>::quiet_NaN();
  all[3].text = "12";
  all[3].on = true;
  all[3].real = 5e-324;
  return all;
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

bool same(double a, double b) {
  return a == b || (a != a && b != b);
}

void compare(const std::vector<Record>& all, const std::string& name) {
  const auto expected = records();
  require(all.size() == expected.size(), name + " has other rows");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& a = all[i];
    const auto& b = expected[i];
    const auto at = name + " row " + std::to_string(i);
    require(a.on == b.on, at + " on");
    require(a.low == b.low && a.high == b.high && a.odd == b.odd,
            at + " integers");
    require(same(a.real, b.real) && a.single == b.single, at + " reals");
    require(a.text == b.text, at + " text: " + a.text);
  }
}

eh::Array<float> cube() {
  eh::Array<float> array({2, 3, 4});
  for (std::size_t i = 0; i < array.values.size(); ++i)
    array.values[i] = static_cast<float>(i) / 2;
  return array;
}

void write_all(eh::Run& run) {
  for (const std::string codec : {"", ".gz", ".zst", ".xz", ".bz2"})
    for (const std::string format : {".csv", ".tsv", ".json", ".jsonl", ".npy"})
      run.write("records" + format + codec, records());
  eh::write("cube.npy", cube());
  eh::write("cube.json", cube());
  eh::write("matrix.txt", eh::Array<int>({1, 2, 3, 4, 5, 6}, {3, 2}));
  eh::write("matrix.csv", eh::Array<int>({1, 2, 3, 4, 5, 6}, {3, 2}));
  eh::write("numbers.bin", std::vector<double>{0.5, -0.0});
  eh::write("texts.npy", std::vector<std::string>{"a", "", "\U0001f600"});
  eh::write("empty.csv", std::vector<Record>());
  eh::write("empty.npy", std::vector<Record>());
  struct {
    std::vector<std::int32_t> n = {1, 2};
    std::vector<std::string> names = {"x", "y"};
    double scale = 2.5;
  } arrays;
  eh::write("arrays.npz", arrays);
  eh::Table table({"n", "x"});
  table.add_row(1, 0.5).add_cells({std::int64_t{2}, {}});
  eh::write("table.npz", table);
  eh::write("missing.csv", std::vector<std::optional<double>>{1, {}, 3});
}

// What Python wrote, in the folder that eh was started in.
void read_all(eh::Run& run) {
  for (const std::string name :
       {"records.csv", "records.tsv", "records.json", "records.jsonl",
        "records.csv.gz", "records.csv.bz2", "records.csv.xz", "records.npy",
        "quoted.csv", "padded.csv.gz"})
    compare(run.read<std::vector<Record>>(run.input(name)), name);
  for (const std::string name : {"cube.npy", "fortran.npy", "swapped.npy"})
    require(eh::read<eh::Array<float>>(run.input(name)) == cube(), name);
  using Arrays = std::map<std::string, eh::Array<double>>;
  for (const std::string name : {"arrays.npz", "packed.npz", "packed.npz.gz"}) {
    const auto arrays = eh::read<Arrays>(run.input(name));
    require(arrays.at("ab").values == std::vector<double>{1, 2}, name);
    require(arrays.at("half").values == std::vector<double>{0.5, -2}, name);
  }
  require(eh::read<eh::Array<int>>(run.input("matrix.txt")).shape ==
              std::vector<std::size_t>{3, 2},
          "matrix.txt");
  require(eh::read<std::vector<std::string>>(run.input("texts.npy")).at(1) ==
              "\U0001f600",
          "texts.npy");
  const auto marked = "file://" + run.input("marked.txt").string();
  require(eh::read<std::vector<int>>(run.input(marked)).size() == 2,
          "marked.txt");
  const auto missing =
      eh::read<std::vector<std::optional<int>>>(run.input("missing.csv"));
  require(missing.size() == 3 && !missing[1] && missing[2] == 3, "missing.csv");
}

struct Ending {
  std::string ending = ".csv";
};

constexpr int large = 20'000;

// Over and over, until the process is killed.
void overwrite(eh::Run& run, const Ending& p) {
  for (int i = 0;; ++i) {
    std::map<std::string, std::vector<double>> value;
    auto& numbers = value["value"];
    for (int n = 0; n < large; ++n) numbers.push_back(i + n * 0.25);
    const auto name = "numbers" + p.ending;
    p.ending == ".npz" ? run.write(name, value) : run.write(name, numbers);
    if (i == 0) run.write("process.txt", std::to_string(::getpid()));
  }
}

void check_whole(eh::Run& run, const Ending& p) {
  const auto file = run.input("results/main/overwrite/" + p.ending.substr(1) +
                              "/numbers" + p.ending);
  const auto numbers =
      p.ending == ".npz"
          ? run.read<std::map<std::string, std::vector<double>>>(file).at(
                "value")
          : run.read<std::vector<double>>(file);
  require(numbers.size() == large, "not all is there");
  for (int n = 0; n < large; ++n)
    require(numbers[static_cast<std::size_t>(n)] == numbers[0] + n * 0.25,
            "it is not of one piece");
}

std::string libraries() {
  std::ifstream maps("/proc/self/maps");
  std::string all, found;
  std::getline(maps, all, '\0');
  for (const char* name : {"libzstd", "liblzma", "libbz2", "libzip", "libcurl"})
    if (all.find(name) != all.npos) found += name + std::string(" ");
  return found;
}

// Which libraries are loaded by what is written.
void load(eh::Run& run) {
  std::string seen = "at first: " + libraries() + "\n";
  for (const std::string name :
       {"a.csv", "a.json", "a.npy", "a.csv.gz", "a.csv.zst", "a.csv.xz",
        "a.csv.bz2", "a.npz"}) {
    run.write(name, std::vector<int>{1});
    seen += name + ": " + libraries() + "\n";
  }
  run.write("seen.txt", seen);
}

// An address of a test's.
std::string address(const std::string& name) {
  return std::getenv("ADDRESS") + name;
}

void put(eh::Run& run) {
  run.write(address("/records.csv.gz"), records());
  run.write(address("/new/folder/a%20b.json"), records());
  run.write(address("/text.txt"), std::string("text"));
  run.write("seen.txt", libraries());
}

void put_text(eh::Run& run) {
  run.write(address("/text.txt"), std::string("text"));
}

void put_much(eh::Run& run) {
  run.write(address("/much.npy"), std::vector<double>(2'000'000, 0.1));
}

void get(eh::Run& run) {
  compare(eh::read<std::vector<Record>>(address("/records.csv.gz")), "sent");
  require(run.read(address("/text.txt")) == "text", "text.txt");
}

void get_much(eh::Run& run) {
  run.read<std::vector<double>>(address("/much.npy"));
}

}  // namespace

EH_GROUP(main, "Values in files");
EH_EXPERIMENT(main, "write", write_all);
EH_EXPERIMENT(main, "read", read_all);
EH_EXPERIMENT(main, "load", load);
EH_EXPERIMENT(main, "put", put);
EH_EXPERIMENT(main, "put-text", put_text);
EH_EXPERIMENT(main, "put-much", put_much);
EH_EXPERIMENT(main, "get", get);
EH_EXPERIMENT(main, "get-much", get_much);
EH_REGISTER(main, group) {
  for (const std::string ending :
       {".csv", ".tsv", ".json", ".jsonl", ".txt", ".npy", ".npz", ".bin",
        ".csv.gz", ".npy.zst", ".json.xz", ".bin.bz2"}) {
    const std::string name = ending.substr(1);
    group.add("overwrite/" + name,
              [=](eh::Run& run) { overwrite(run, Ending{ending}); });
    group.add("whole/" + name,
              [=](eh::Run& run) { check_whole(run, Ending{ending}); });
  }
}
