// One of two plugins that look alike: same names, other content. Built with
// everything visible and no optimisation, which is when they could mix.
#include <eh/eh.hpp>

enum class Choice { red, green };
struct P {
  int first = 1;
};

struct Settings : eh::Config {
  std::string text = "a";
};
EH_CONFIG(Settings, text)

inline void f(eh::Run& run, const P&) {
  run.log().info("twin a");
  run.metric("text", 0, run.config<Settings>().text.size());
}

EH_GROUP(main, "twin a", Settings);
EH_EXPERIMENT(main, "same", f);
EH_EXPERIMENT(main, "only-a", f);
