#include "os/node_local.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(os_node_local)

BOOST_AUTO_TEST_CASE(paths) {
  for (const char* path :
       {"/tmp", "/tmp/a/results", "/var/tmp/x", "/dev/shm/x", "/run/user/1000"})
    BOOST_TEST(has(why_path_is_local(path), "each machine"), path);
  for (const char* path : {"/", "/home/me", "/tmpfiles/x", "/home/tmp/x", ""})
    BOOST_TEST(why_path_is_local(path) == "", path);
}

BOOST_AUTO_TEST_CASE(in_memory) {
  BOOST_TEST(has(why_node_local("/dev/shm/there/is/none"), "/dev/shm"));
  BOOST_TEST(why_node_local("/proc/nothing/there") == "");
}

BOOST_AUTO_TEST_SUITE_END()
