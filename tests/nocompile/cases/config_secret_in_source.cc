// A secret in source code is none.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  Bad() {
    slack.token = "xoxb-1";  // HERE: a secret is not set in source code
  }
};
EH_CONFIG(Bad)
