#include "leaf/verdict.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(leaf_verdict)

BOOST_AUTO_TEST_CASE(status_names) {
  for (const auto status :
       {Status::ok, Status::failed, Status::crashed, Status::timeout,
        Status::out_of_memory, Status::cancelled, Status::stopped})
    BOOST_CHECK(parse_status(status_name(status)) == status);
  BOOST_CHECK_EQUAL(status_name(Status::out_of_memory), "out_of_memory");
  BOOST_CHECK(!parse_status(""));
  BOOST_CHECK(!parse_status("OK"));
}

BOOST_AUTO_TEST_CASE(a_whole_verdict) {
  const auto v = parse_verdict(R"({"format": 1, "status": "crashed",
    "message": "killed by SIGSEGV", "signal": "SIGSEGV",
    "start": "2026-01-31T10:00:00.000Z", "end": "2026-01-31T10:00:01.500Z",
    "seconds": 1.5, "attempt": 3, "parameters": {"seed": 1, "load": 0.5},
    "plugin": {"build_id": "abcd", "sha1": "0123"}, "later": [1]})");
  BOOST_REQUIRE(v);
  BOOST_CHECK_EQUAL(v->format, 1);
  BOOST_CHECK(v->status == Status::crashed);
  BOOST_CHECK_EQUAL(v->message, "killed by SIGSEGV");
  BOOST_CHECK_EQUAL(v->signal, "SIGSEGV");
  BOOST_CHECK(!v->exit_code);
  BOOST_CHECK_EQUAL(v->start, "2026-01-31T10:00:00.000Z");
  BOOST_CHECK_EQUAL(v->end, "2026-01-31T10:00:01.500Z");
  BOOST_CHECK_EQUAL(v->seconds, 1.5);
  BOOST_CHECK_EQUAL(v->attempt, 3u);
  BOOST_CHECK(boost::json::parse(v->parameters) ==
              boost::json::parse(R"({"seed":1,"load":0.5})"));
  BOOST_CHECK_EQUAL(v->build_id, "abcd");
  BOOST_CHECK_EQUAL(v->hash, "0123");
}

BOOST_AUTO_TEST_CASE(configurations_are_taken_letter_by_letter) {
  // Boost.JSON 1.81 reads the last digits of some reals wrongly, and writes
  // others in another form.
  const std::string parameters = R"({"load":0.44,"x":1.7976931348623157e308})";
  const std::string config =
      R"({"a":7.2057594037927933e-17,"b":"}\\","c":[1,{"d":"]"}],"e":0.10,)"
      R"("config":{"f":-0.0},"g":"\"","h":18446744073709551615})";
  const auto v = parse_verdict(
      R"({"message":"\"config\":{},","status":"ok","seconds":1,"backtrace":)"
      R"(["{","}"],"parameters":)" +
      parameters + R"(,"config":)" + config +
      R"(,"config_hash":"0a1b","plugin":{"config":{"other":1}}})");
  BOOST_REQUIRE(v);
  BOOST_CHECK_EQUAL(v->parameters, parameters);
  BOOST_CHECK_EQUAL(v->config, config);
  BOOST_CHECK_EQUAL(v->config_hash, "0a1b");
}

BOOST_AUTO_TEST_CASE(configurations_anywhere) {
  const auto config = [](const std::string& members) {
    const auto v = parse_verdict(R"({"status":"ok","seconds":1)" + members);
    BOOST_REQUIRE(v);
    return v->config;
  };
  BOOST_CHECK_EQUAL(config("}"), "");
  BOOST_CHECK_EQUAL(config(R"(,"config":{}})"), "{}");
  BOOST_CHECK_EQUAL(config(R"(,"config":{"a":1}, "z":[]})"), R"({"a":1})");
  // Made by hand.
  BOOST_CHECK_EQUAL(config(" ,\n \"config\" :\n {\"a\": 1 }\n }\n"),
                    R"({"a": 1 })");
  // Of no use.
  BOOST_CHECK_EQUAL(config(R"(,"config":"x"})"), "");
  BOOST_CHECK_EQUAL(config(R"(,"config":[{}]})"), "");
  BOOST_CHECK_EQUAL(config(R"(,"plugin":{"config":{"a":1}}})"), "");
  std::string deep = "1";
  for (int i = 0; i < 100; ++i) deep = R"({"x":)" + deep + "}";
  BOOST_CHECK_EQUAL(config(R"(,"config":)" + deep + "}"), deep);
}

BOOST_AUTO_TEST_CASE(the_least_that_is_a_verdict) {
  const auto v = parse_verdict(R"({"status":"ok","seconds":2})");
  BOOST_REQUIRE(v);
  BOOST_CHECK(v->status == Status::ok);
  BOOST_CHECK_EQUAL(v->attempt, 1u);
  const auto code =
      parse_verdict(R"({"status":"failed","seconds":0,"exit_code":11})");
  BOOST_REQUIRE(code);
  BOOST_CHECK(code->exit_code == 11);
  BOOST_CHECK_EQUAL(code->signal, "");
}

BOOST_AUTO_TEST_CASE(torn_verdicts_are_none) {
  const std::string whole = R"({"status":"ok","seconds":2.5,"attempt":1})";
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_CHECK_MESSAGE(!parse_verdict(whole.substr(0, n)), n);
  BOOST_CHECK(parse_verdict(whole + '\n'));
  BOOST_CHECK(!parse_verdict(whole + whole));
  BOOST_CHECK(!parse_verdict(std::string(100, '\0')));
}

BOOST_AUTO_TEST_CASE(foreign_files_are_none) {
  for (const auto* text :
       {"[]", "1", "\"ok\"", "null", "{}", R"({"status":"ok"})",
        R"({"status":"fine","seconds":1})", R"({"status":1,"seconds":1})",
        R"({"status":"ok","seconds":"1"})", R"({"seconds":1})",
        R"({"Status":"ok","seconds":1})"})
    BOOST_CHECK_MESSAGE(!parse_verdict(text), text);
}

BOOST_AUTO_TEST_CASE(members_of_a_wrong_type_do_no_harm) {
  const auto v = parse_verdict(R"({"status":"ok","seconds":1,"message":5,
    "attempt":"x","plugin":[],"exit_code":null,"parameters":[1]})");
  BOOST_REQUIRE(v);
  BOOST_CHECK_EQUAL(v->message, "");
  BOOST_CHECK_EQUAL(v->attempt, 1u);
  BOOST_CHECK(!v->exit_code);
}

BOOST_AUTO_TEST_CASE(metadata_of_the_original) {
  const auto v = parse_original_metadata(
      R"({"start": "2024-01-01T00:00:00", "end": "2024-01-01T00:01:00",
          "seconds": 60.0, "arguments": {}})");
  BOOST_REQUIRE(v);
  BOOST_CHECK(v->status == Status::ok);
  BOOST_CHECK_EQUAL(v->seconds, 60);
  BOOST_CHECK_EQUAL(v->start, "2024-01-01T00:00:00");
  for (const auto* text :
       {"", "{", "[]", R"({"seconds": 1})", R"({"start":"a","end":"b"})",
        R"({"start":"a","end":"b","seconds":1,"status":"failed"})"})
    BOOST_CHECK_MESSAGE(!parse_original_metadata(text), text);
  BOOST_CHECK(!parse_verdict(R"({"start":"a","end":"b","seconds":1})"));
}

// Only what is damaged or foreign has them.
BOOST_AUTO_TEST_CASE(odd_members) {
  const auto verdict = parse_verdict(
      R"({"status":"ok","seconds":1,"attempt":1e300,"exit_code":-1e300,)"
      R"("parameters":[1],"results":1,"results":{"a":2}})");
  BOOST_REQUIRE(verdict);
  BOOST_CHECK_EQUAL(verdict->attempt, 1u);  // no such number of attempts
  BOOST_CHECK_EQUAL(*verdict->exit_code, std::numeric_limits<int>::min());
  BOOST_CHECK_EQUAL(verdict->parameters, "");
  BOOST_CHECK_EQUAL(verdict->results, R"({"a":2})");
}

BOOST_AUTO_TEST_CASE(where_it_came_from) {
  const auto verdict = parse_verdict(
      R"({"status":"ok","seconds":1,"seed":18446744073709551615,"salt":"x",)"
      R"("plugin":{"libraries":[{"path":"/a/libx.so","build_id":"00ff"},)"
      R"({"path":"/b/liby.so","sha1":"12"},{"path":"/b/libz.so","file":"3"}]}})");
  BOOST_REQUIRE(verdict);
  BOOST_CHECK_EQUAL(verdict->seed.value(), 18446744073709551615u);
  BOOST_CHECK_EQUAL(verdict->salt, "x");
  const std::map<std::string, std::string> builds = {
      {"libx.so", "00ff"}, {"liby.so", "12"}, {"libz.so", "3"}};
  BOOST_CHECK(verdict->libraries == builds);
  const auto older = parse_verdict(R"({"status":"ok","seconds":1})");
  BOOST_CHECK(!older->seed);
  BOOST_CHECK(!older->libraries);
}

BOOST_AUTO_TEST_CASE(numbers_of_attempts) {
  const auto attempt = [](const std::string& number) {
    return parse_verdict(R"({"status":"ok","seconds":1,"attempt":)" + number +
                         '}')
        ->attempt;
  };
  BOOST_CHECK_EQUAL(attempt("1000000"), 1'000'000u);
  for (const auto* none : {"4294967295", "1000001", "0", "-1"})
    BOOST_CHECK_EQUAL(attempt(none), 1u);
}

BOOST_AUTO_TEST_SUITE_END()
