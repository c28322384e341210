#include "contract/group_run.h"

#include "support.h"

using namespace eh;
using namespace eh::host::contract;

BOOST_AUTO_TEST_SUITE(contract_group_run)

namespace {

RunRequest full_request() {
  RunRequest out;
  out.group = "main";
  out.patterns = {"a/*", "", "3:abc,"};
  out.config = "{\"text\": \"\n\"}";
  out.set = {{"jobs", "4"}, {"data", std::string("\xff\0x", 3)}};
  out.config_file = "lab.json:s";
  out.force = true;
  return out;
}

RunAnswer full_answer() {
  Outcome ok{"say/1", "ok", "", "/r/main/say/1", 0.1, 2, true, false};
  Outcome bad{"say/2", "failed", "un\nlucky", "/r/\xff", 1e-9, 0, false, true};
  return {{}, {100, {ok, bad}}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_request_is_read_as_it_was_written) {
  const auto request = full_request();
  const auto read = parse_request(request_text(request)).value();
  BOOST_TEST(read.group == request.group);
  BOOST_TEST(read.patterns == request.patterns);
  BOOST_TEST(read.config == request.config);
  BOOST_CHECK(read.set == request.set);
  BOOST_TEST(read.config_file == request.config_file);
  BOOST_TEST(read.force);
  BOOST_TEST(!read.show);
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_as_it_was_written) {
  const auto answer = full_answer();
  const auto read = parse_answer(answer_text(answer)).value();
  BOOST_TEST(!read.refused);
  BOOST_TEST(read.result.exit_code == 100);
  BOOST_REQUIRE_EQUAL(read.result.outcomes.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& it = read.result.outcomes[i];
    const auto& was = answer.result.outcomes[i];
    BOOST_TEST(it.name == was.name);
    BOOST_TEST(it.status == was.status);
    BOOST_TEST(it.message == was.message);
    BOOST_TEST(it.leaf == was.leaf);
    BOOST_TEST(it.seconds == was.seconds);
    BOOST_TEST(it.attempt == was.attempt);
    BOOST_TEST(it.ran == was.ran);
    BOOST_TEST(it.stale == was.stale);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_read_as_it_was_written) {
  const auto read = parse_answer(answer_text({"why", {2, {}}})).value();
  BOOST_TEST(read.refused.value() == "why");
  BOOST_TEST(read.result.exit_code == 2);
}

BOOST_AUTO_TEST_CASE(what_was_broken_off_is_nothing) {
  const auto request = request_text(full_request());
  for (std::size_t size = 0; size < request.size(); ++size)
    BOOST_CHECK(!parse_request(request.substr(0, size)));
  BOOST_CHECK(!parse_request(request + "1:a,"));
  const auto answer = answer_text(full_answer());
  for (std::size_t size = 0; size < answer.size(); ++size)
    BOOST_CHECK(!parse_answer(answer.substr(0, size)));
  BOOST_CHECK(!parse_answer("99999999999999999999:1,"));
  BOOST_CHECK(!parse_answer("3:999,1:0,0:,19:1000000000000000000,"));
}

BOOST_AUTO_TEST_SUITE_END()
