#define BOOST_TEST_MODULE eh
#include <boost/test/unit_test.hpp>
