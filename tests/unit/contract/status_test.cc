#include "contract/status.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(contract_status)

BOOST_AUTO_TEST_CASE(names_are_read_again) {
  for (const auto status :
       {Status::ok, Status::failed, Status::crashed, Status::timeout,
        Status::out_of_memory, Status::cancelled, Status::stopped})
    BOOST_CHECK(parse_status(status_name(status)) == status);
  BOOST_CHECK_EQUAL(status_name(Status::out_of_memory),
                    std::string("out_of_memory"));
  BOOST_CHECK(!parse_status("OK"));
  BOOST_CHECK(!parse_status(""));
}

BOOST_AUTO_TEST_CASE(each_is_ok_a_failure_or_cut_off) {
  for (const auto status : {Status::failed, Status::crashed, Status::timeout,
                            Status::out_of_memory}) {
    BOOST_CHECK(is_failure(status));
    BOOST_CHECK(!is_cut_off(status));
  }
  for (const auto status : {Status::cancelled, Status::stopped}) {
    BOOST_CHECK(!is_failure(status));
    BOOST_CHECK(is_cut_off(status));
  }
  BOOST_CHECK(!is_failure(Status::ok));
  BOOST_CHECK(!is_cut_off(Status::ok));
}

BOOST_AUTO_TEST_SUITE_END()
