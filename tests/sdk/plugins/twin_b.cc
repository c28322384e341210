// One of two plugins that look alike: same names, other content. Built with
// everything visible and no optimisation, which is when they could mix.
#include <eh/eh.hpp>

enum class Choice { green, blue, black };
struct P {
  double second = 2;
  Choice third = Choice::blue;
};

struct Settings : eh::Config {
  int number = 1;
  std::string text = "b";
};
EH_CONFIG(Settings, number, text)

inline void f(eh::Run& run, const P&) {
  run.log().info("twin b");
  run.metric("text", 0, run.config<Settings>().text.size());
}

EH_GROUP(main, "twin b", Settings);
EH_EXPERIMENT(main, "same", f);
EH_EXPERIMENT(main, "only-b", f);
