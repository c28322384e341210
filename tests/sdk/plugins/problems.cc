// Everything that can be wrong without the compiler noticing. The test looks
// for each line that ends with a comment.
// clang-format off
#include <eh/eh.hpp>
#include <stdexcept>
#include <string>
#include <vector>

struct Q {
  int a = 1;
  int b = 2;
  std::int8_t tiny = 0;
};
static void f(const Q&) {}

EH_GROUP(main, "good");
EH_GROUP(main, "again");             // group twice
EH_GROUP_NAMED(other, "main", "m");  // group same name
EH_GROUP_NAMED(bad, "a/b", "bad");   // group name

struct ThrowingConfig : eh::Config {
  ThrowingConfig() { throw std::runtime_error("from its constructor"); }
  int number = 1;
};
EH_CONFIG(ThrowingConfig, number)
EH_GROUP(throwing, "bad", ThrowingConfig);  // config throws
enum class Color { red };
struct UnnamedChoice {
  Color color = static_cast<Color>(7);
};
EH_GROUP(unnamed, "bad", UnnamedChoice);  // config unnamed

EH_EXPERIMENT(mian, "x", f);                      // group near
EH_EXPERIMENT(main, "{a}", f).sweep(&Q::b, {1});  // not in name
EH_EXPERIMENT(main, "{b}", f).sweep(&Q::b, {});   // no values
EH_EXPERIMENT(main, "c{a}", f).repeat(&Q::a, 0);  // no repeat
EH_EXPERIMENT(main, "t{a}", f)                    // twice
    .sweep(&Q::a, {1})
    .sweep(&Q::a, {2});
EH_EXPERIMENT(main, "fit{tiny}", f).repeat(&Q::tiny, 200);  // fit
EH_EXPERIMENT(main, "timeout", f).timeout(-1s);             // timeout
EH_EXPERIMENT(main, "retries", f).retries(-2);              // retries
EH_EXPERIMENT(main, "huge{a}{b}{tiny}", f)                  // huge
    .sweep(&Q::a, eh::range(-2000000000, 2000000000))
    .sweep(&Q::b, eh::range(-2000000000, 2000000000))
    .sweep(&Q::tiny, eh::range(-100, 100));

struct Throwing {
  int a = []() -> int { throw std::runtime_error("from a default"); }();
};
EH_EXPERIMENT(main, "default", [](const Throwing&) {});  // default throws
EH_EXPERIMENT(main, "still-good", f);

static bool filter_throws(const Q&) {
  throw std::logic_error("filter");
}
EH_EXPERIMENT(main, "filter{a}", f).sweep(&Q::a, {1}).filter(filter_throws);

EH_REGISTER(main, group) {                        // body throws
  group.add("{tinny}", f);                        // near parameter
  group.add("no/{parameters}", [](eh::Run&) {});  // none
  group.add("{a", f);                             // brace
  group.add("added", f);
  throw std::runtime_error("in the middle");
}
EH_REGISTER(mani, group) { group.add("lost", f); }  // register near

static std::vector<int> throwing_values() {
  throw std::logic_error("values");
}
EH_EXPERIMENT(main, "values{a}", f).sweep(&Q::a, throwing_values());  // chain
EH_EXPERIMENT(main, "after", f);                                      // after
