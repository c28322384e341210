// All that the cases do wrong, done right: what must not compile fails for the
// reason it names only if this compiles.
#include <array>
#include <eh/eh.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name = "q";
};
static void simulate(eh::Run&, const Queue&) {}
static void bound(int, eh::Run&, Queue) noexcept {}
class Learner {
 public:
  std::map<int, std::vector<std::string>> layers;
  std::optional<std::mt19937_64> rng;
};
struct Node {
  std::vector<Node> children;
  std::filesystem::path file;
};
[[maybe_unused]] static Node copy(eh::Run& run, const Node& root) {
  run.write("a.json", root);
  return run.read<Node>("a.json");
}
struct Method {
  void run(const Queue&) const {}
};

EH_GROUP(main, "cases");
EH_EXPERIMENT(main, "a", simulate, {.load = 0.95});
EH_EXPERIMENT(main, "{load}", simulate).sweep(&Queue::load, {0.5, 1});
EH_EXPERIMENT(main, "{servers}", simulate)
    .sweep(&Queue::servers, eh::range(1, 4))
    .filter([](const Queue& q) { return q.servers > 1; });
EH_EXPERIMENT(main, "b/{load}", simulate)
    .sweep(&Queue::load, std::vector<int>{1, 2});
EH_EXPERIMENT(main, "{name}", simulate).sweep(&Queue::name, {"a", "b"});
EH_EXPERIMENT(main, "c/{name}", simulate)
    .sweep(&Queue::name, std::vector<std::string_view>{"a"});
EH_EXPERIMENT(main, "d", std::bind_front(bound, 1));
EH_EXPERIMENT(main, "e", std::bind_front(&Method::run, Method{}));
EH_EXPERIMENT(main, "f", eh::with<Queue>([](auto&, const auto&) {}));
EH_EXPERIMENT(main, "g", [](auto& run) { run.log().info("{} {}", 1, 2); });
EH_EXPERIMENT(main, "h", [](eh::Run& run) {
  run.checkpoint(3);
  run.checkpoint(run.resume<Learner>().value_or(Learner()));
  run.write("a.txt", std::vector<double>{3.5});
});

EH_REGISTER(main, group) {
  group.add("i", simulate, {.load = 1});
  group.add("j", simulate, {}).repeat(&Queue::servers, 3);
}

// Several at once, within a namespace.
namespace inner {
struct Empty {};
static void nothing(const Empty&) {}
EH_EXPERIMENT(main, "k", nothing);
struct Reflected {
  int x = 1;
  int y = 1;
};
EH_PARAMETERS(Reflected, x, y)
static void reflected(const Reflected&) {}
EH_EXPERIMENT(main, "l/{y}", reflected).sweep(&Reflected::y, {1, 2});
}  // namespace inner

// Configurations.
struct Layer {
  int size = 3;
  std::map<std::string, std::vector<double>> weights;
};
struct Settings : eh::Config {
  std::string message;
  std::optional<std::string> maybe;
  std::array<Layer, 2> layers;
};
EH_CONFIG(Settings, message, maybe, layers)
struct MoreSettings : Settings {
  MoreSettings() {
    workers = 2;
    slack.channel = "C1";
  }
  int number = 42;
};
EH_CONFIG(MoreSettings, number)
struct PlainSettings {
  int number = 42;
  std::optional<std::filesystem::path> file;
  Layer layer;
};
EH_GROUP(settings, "a class", Settings);
EH_GROUP_NAMED(more, "more-settings", "a class", MoreSettings);
EH_GROUP(plain, "a struct", PlainSettings);
EH_EXPERIMENT(settings, "m", [](eh::Run& run) {
  run.log().info(run.config<Settings>().message);
});
