#include "cluster/slurm/allocation.h"

#include <cstdlib>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(cluster_slurm_allocation)

BOOST_AUTO_TEST_CASE(lists_of_nodes) {
  const auto list = "login,n[1-3,08-12]-ib,a[1-2]b[3],m5,x[9-11]";
  for (const char* in : {"login", "n1-ib", "n3-ib", "n08-ib", "n12-ib", "a1b3",
                         "m5", "x9", "x11"})
    BOOST_TEST(in_node_list(list, in), in);
  for (const char* out : {"", "logi", "n4-ib", "n8-ib", "n1", "n01-ib", "a3b3",
                          "a1b33", "m", "m55", "x12", "x09", "n[1-3", "n-ib"})
    BOOST_TEST(!in_node_list(list, out), out);
  BOOST_TEST(!in_node_list("", "n1"));
  BOOST_TEST(!in_node_list("n[1-3", "n1"));
}

BOOST_AUTO_TEST_SUITE_END()
