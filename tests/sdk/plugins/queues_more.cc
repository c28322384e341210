// Another file of the plugin: another struct of the same name would be an
// error in C++, but its own experiments and all types of parameters are not.
#include <cstdint>
#include <eh/eh.hpp>
#include <limits>
#include <string>
#include <vector>

namespace {

enum class Method : unsigned char { fast, slow = 200 };
enum Plain { plain_first, plain_second };
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
  Plain old_style = plain_second;
  Far far = Far::far;
  Method unnamed = static_cast<Method>(9);
  std::vector<int> numbers = {1, 2};
  std::vector<bool> flags = {true, false};
  std::vector<std::string> words = {"x", "y z"};
  std::vector<Method> methods = {Method::fast, Method::slow};
};

// Named in full: some compilers have no reflection.
#if !EH_DETAIL_REFLECTS
EH_CHOICES(Method, fast, slow)
EH_CHOICES(Plain, plain_first, plain_second)
EH_PARAMETERS(Everything, flag, tiny, byte, small, small_unsigned, plain,
              positive, big, biggest, longer, single, real, nan, low, text,
              none, method, old_style, far, unnamed, numbers, flags, words,
              methods)
#endif

void everything(const Everything&) {}

EH_GROUP_NAMED(puffer, "puffer-download", "a name that is no identifier");
EH_EXPERIMENT(puffer, "everything", everything);
EH_EXPERIMENT(puffer, "{method}/{text}/{flags}/{flag}/{single}", everything)
    .sweep(&Everything::method, {Method::fast, Method::slow})
    .sweep(&Everything::text, {"a", "b c"})
    .sweep(&Everything::flags, {{true}, {}})
    .sweep(&Everything::flag, std::vector<bool>{false, true})
    .sweep(&Everything::single, eh::geomspace(0.01, 1, 3));

}  // namespace
