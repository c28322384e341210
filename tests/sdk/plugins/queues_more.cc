// Another file of the plugin: another struct of the same name would be an
// error in C++, but its own experiments and all types of parameters are not.
#include <array>
#include <chrono>
#include <cstdint>
#include <eh/eh.hpp>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#ifdef EH_NO_FORMAT
// What the namespace of that name would not let be here.
static std::string fmt(double real) {
  return std::to_string(real);
}
[[maybe_unused]] static void log_own(eh::Run& run) {
  run.log().info(fmt(0.5));
  EH_LOG(info) << fmt(0.5);
}
#endif

namespace {

enum class Method : unsigned char { fast, slow = 200 };
enum OldStyle { plain_first, plain_second };
enum class Far { near = 1, far = 100000 };
EH_CHOICES(Far, near, far)

struct Everything {
  bool flag = true;
  std::int8_t tiny = -128;
  std::uint8_t byte = 255;
  short small = -3;
  unsigned short small_unsigned = 3;
  int plain = -4;
  unsigned positive = 4;
  long big = -5;
  std::uint64_t biggest = std::numeric_limits<std::uint64_t>::max();
  long long longer = std::numeric_limits<long long>::min();
  float single = 0.1f;
  double real = 0.1 + 0.2;
  double nan = std::numeric_limits<double>::quiet_NaN();
  double low = -std::numeric_limits<double>::infinity();
  std::string text = "a b/\"c\"\n\xC3\xBC\xFF";
  std::string none;
  Method method = Method::slow;
  OldStyle old_style = plain_second;
  Far far = Far::far;
  Method unnamed = static_cast<Method>(9);
  std::vector<int> numbers = {1, 2};
  std::vector<bool> flags = {true, false};
  std::vector<std::string> words = {"x", "y z"};
  std::vector<Method> methods = {Method::fast, Method::slow};
};

struct Part {
  std::string name = "part";
  std::optional<std::string> note;
};

struct Settings : eh::Config {
  Settings() { slurm.partition = "gpu"; }
  int number = 42;
  std::map<std::string, Part> parts = {{"a", {}}};
  std::array<Method, 2> methods = {Method::slow, Method::fast};
  std::chrono::milliseconds pause{250};
};

struct Plain {
  std::optional<std::filesystem::path> file;
  std::vector<Part> parts;
};

// Named in full: some compilers have no reflection.
#if !EH_DETAIL_REFLECTS
EH_CHOICES(Method, fast, slow)
EH_CHOICES(OldStyle, plain_first, plain_second)
EH_PARAMETERS(Everything, flag, tiny, byte, small, small_unsigned, plain,
              positive, big, biggest, longer, single, real, nan, low, text,
              none, method, old_style, far, unnamed, numbers, flags, words,
              methods)
EH_PARAMETERS(Part, name, note)
EH_PARAMETERS(Plain, file, parts)
#endif
EH_CONFIG(Settings, number, parts, methods, pause)

void everything(const Everything&) {}

EH_GROUP_NAMED(puffer, "puffer-download", "a name that is not an identifier",
               Settings);
EH_GROUP(plain, "a plain struct", Plain);
EH_EXPERIMENT(puffer, "everything", everything);
EH_EXPERIMENT(puffer, "{method}/{text}/{flags}/{flag}/{single}", everything)
    .sweep(&Everything::method, {Method::fast, Method::slow})
    .sweep(&Everything::text, {"a", "b c"})
    .sweep(&Everything::flags, {{true}, {}})
    .sweep(&Everything::flag, std::vector<bool>{false, true})
    .sweep(&Everything::single, eh::geomspace(0.01, 1, 3));

EH_EXPERIMENT(puffer, "number", [](eh::Run& run) {
  run.metric("number", 0, run.config<Settings>().number);
  run.metric("workers", 0, run.config().workers);
});
EH_EXPERIMENT(puffer, "other", [](eh::Run& run) { run.config<Plain>(); });
EH_REGISTER(plain, group) {
  group.add("parts", [](eh::Run& run) {
    run.metric("parts", 0, run.config<Plain>().parts.size());
  });
}

}  // namespace
