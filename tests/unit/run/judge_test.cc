#include "run/judge.h"

#include <signal.h>

#include <filesystem>
#include <system_error>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(run_judge)

namespace {

// An attempt of main/a that ended.
struct Ended {
  Ended() {
    tree.claim("main/a", leases);
    end.start = "2026-01-31T10:00:00.000Z";
    end.seconds = 1.5;
  }
  ExperimentEnded judge() {
    return judge_attempt(tree, "main/a", end, [&] {
      ++asked;
      return std::string(R"("attempt":)") + std::to_string(end.attempt) +
             R"(,"seed":7)";
    });
  }
  ExperimentEnded exited(int code) {
    end.exit.code = code;
    return judge();
  }
  ExperimentEnded killed(int signal) {
    end.exit.signal = signal;
    return judge();
  }
  void child_wrote(const std::string& status, unsigned attempt = 1) const {
    folder.write("main/a/eh.json", R"({"status":")" + status +
                                       R"(","message":"it says","seconds":9,)"
                                       R"("attempt":)" +
                                       std::to_string(attempt) + "}");
  }
  boost::json::object verdict() const {
    return boost::json::parse(folder.read("main/a/eh.json")).as_object();
  }
  std::string said(const char* key) const {
    const auto object = verdict();
    const auto* value = object.if_contains(key);
    return value ? boost::json::serialize(*value) : "";
  }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Leases leases{tree.fd(), Owner::self("run-1")};
  AttemptEnd end;
  int asked = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(results_of_a_killed_one_are_kept, Ended) {
  folder.write("main/a/.eh-results", "\"wait\":0.5\n\"n\":3\n");
  killed(SIGKILL);
  BOOST_CHECK_EQUAL(said("results"), R"({"wait":5E-1,"n":3})");
}

BOOST_FIXTURE_TEST_CASE(results_that_cannot_be_trusted_are_kept, Ended) {
  folder.write("main/a/eh.json", R"({"status":"ok","seconds":9,)"
                                 R"("attempt":1,"results":{"n":3}})");
  end.oom_loss = true;
  BOOST_CHECK(exited(0).status == Status::out_of_memory);
  BOOST_CHECK_EQUAL(said("results"), R"({"n":3})");
}

BOOST_FIXTURE_TEST_CASE(the_child_says_ok, Ended) {
  child_wrote("ok");
  const auto before = folder.read("main/a/eh.json");
  const auto ended = exited(0);
  BOOST_CHECK(ended.status == Status::ok);
  BOOST_CHECK_EQUAL(ended.leaf, folder / "main/a");
  BOOST_CHECK_EQUAL(ended.attempt, 1u);
  BOOST_CHECK_EQUAL(ended.seconds, 9);  // its own measure
  BOOST_CHECK_EQUAL(asked, 0);
  BOOST_CHECK_EQUAL(folder.read("main/a/eh.json"), before);
}

BOOST_FIXTURE_TEST_CASE(the_child_says_failed, Ended) {
  child_wrote("failed");
  const auto ended = exited(1);
  BOOST_CHECK(ended.status == Status::failed);
  BOOST_CHECK_EQUAL(ended.message, "it says");
}

BOOST_FIXTURE_TEST_CASE(exit_without_a_verdict_is_failed, Ended) {
  const auto ended = exited(0);
  BOOST_CHECK(ended.status == Status::failed);
  BOOST_CHECK(has(ended.message, "exit(0)"));
  BOOST_CHECK_EQUAL(ended.seconds, 1.5);
  BOOST_CHECK_EQUAL(said("status"), "\"failed\"");
  BOOST_CHECK_EQUAL(said("exit_code"), "0");
  BOOST_CHECK_EQUAL(said("signal"), "");
  BOOST_CHECK_EQUAL(said("start"), "\"2026-01-31T10:00:00.000Z\"");
  BOOST_CHECK_EQUAL(said("seed"), "7");
  BOOST_CHECK_EQUAL(asked, 1);
}

// Signal 11 and exit code 11 share no number.
BOOST_FIXTURE_TEST_CASE(exit_11_is_no_crash, Ended) {
  const auto ended = exited(11);
  BOOST_CHECK(ended.status == Status::failed);
  BOOST_CHECK(has(ended.message, "exit(11)"));
  BOOST_CHECK_EQUAL(said("exit_code"), "11");
  BOOST_CHECK_EQUAL(said("signal"), "");
}

BOOST_FIXTURE_TEST_CASE(signal_11_is_a_crash, Ended) {
  const auto ended = killed(SIGSEGV);
  BOOST_CHECK(ended.status == Status::crashed);
  BOOST_CHECK(has(ended.message, "SIGSEGV"));
  BOOST_CHECK_EQUAL(said("signal"), "\"SIGSEGV\"");
  BOOST_CHECK_EQUAL(said("exit_code"), "");
  BOOST_CHECK_EQUAL(said("status"), "\"crashed\"");
}

BOOST_FIXTURE_TEST_CASE(exit_139_is_no_crash_either, Ended) {
  BOOST_CHECK(exited(139).status == Status::failed);
}

BOOST_FIXTURE_TEST_CASE(other_signals, Ended) {
  BOOST_CHECK(has(killed(SIGFPE).message, "SIGFPE (division by zero"));
}

BOOST_FIXTURE_TEST_CASE(killed_from_outside, Ended) {
  const auto ended = killed(SIGKILL);
  BOOST_CHECK(ended.status == Status::crashed);
  BOOST_CHECK(has(ended.message, "from outside"));
}

BOOST_FIXTURE_TEST_CASE(killed_for_memory, Ended) {
  end.oom_kill = true;
  BOOST_CHECK(killed(SIGKILL).status == Status::out_of_memory);
  BOOST_CHECK_EQUAL(said("status"), "\"out_of_memory\"");
}

BOOST_FIXTURE_TEST_CASE(another_ones_memory, Ended) {
  end.oom_kill = true;
  BOOST_CHECK(killed(SIGSEGV).status == Status::crashed);
}

BOOST_FIXTURE_TEST_CASE(timeouts, Ended) {
  end.timed_out = end.asked_to_stop = true;
  end.timeout = 90;
  const auto ended = killed(SIGKILL);
  BOOST_CHECK(ended.status == Status::timeout);
  BOOST_CHECK(has(ended.message, "took longer than 1m 30s"));
  BOOST_CHECK_EQUAL(said("status"), "\"timeout\"");
}

BOOST_FIXTURE_TEST_CASE(returned_after_the_time_limit, Ended) {
  end.timed_out = end.asked_to_stop = true;
  child_wrote("stopped");  // it heeded stop_requested()
  BOOST_CHECK(exited(1).status == Status::timeout);
  BOOST_CHECK_EQUAL(said("status"), "\"timeout\"");
}

BOOST_FIXTURE_TEST_CASE(ok_in_the_last_moment_is_ok, Ended) {
  end.timed_out = end.asked_to_stop = true;
  child_wrote("ok");
  BOOST_CHECK(exited(0).status == Status::ok);
}

BOOST_FIXTURE_TEST_CASE(a_crash_after_the_time_limit_is_a_crash, Ended) {
  end.timed_out = end.asked_to_stop = true;
  BOOST_CHECK(killed(SIGSEGV).status == Status::crashed);
}

BOOST_FIXTURE_TEST_CASE(cancelled, Ended) {
  end.asked_to_stop = true;
  const auto ended = killed(SIGKILL);
  BOOST_CHECK(ended.status == Status::cancelled);
  BOOST_CHECK_EQUAL(said("status"), "\"cancelled\"");
}

BOOST_FIXTURE_TEST_CASE(stopped, Ended) {
  end.asked_to_stop = true;
  child_wrote("stopped");
  BOOST_CHECK(exited(1).status == Status::stopped);
}

BOOST_FIXTURE_TEST_CASE(verdicts_of_other_attempts_do_not_count, Ended) {
  end.attempt = 2;
  child_wrote("ok", 1);
  const auto ended = killed(SIGSEGV);
  BOOST_CHECK(ended.status == Status::crashed);
  BOOST_CHECK_EQUAL(said("status"), "\"crashed\"");
  BOOST_CHECK_EQUAL(said("attempt"), "2");
}

BOOST_FIXTURE_TEST_CASE(a_torn_verdict_is_none, Ended) {
  folder.write("main/a/eh.json", "{\"status\":\"ok\",\"seco");
  folder.write("main/a/.eh-verdict.tmp", "{");
  BOOST_CHECK(exited(0).status == Status::failed);
  BOOST_CHECK_EQUAL(said("status"), "\"failed\"");
  BOOST_CHECK(!folder.exists("main/a/.eh-verdict.tmp"));
}

BOOST_FIXTURE_TEST_CASE(a_crash_is_explained, Ended) {
  folder.write("main/a/.eh-crash", "11 10 2048\n1234\n5678\n\n");
  const auto ended = killed(SIGSEGV);
  BOOST_CHECK(has(ended.message, "at address 0x10"));
  BOOST_TEST(ended.backtrace == (Texts{"0x1234", "0x5678"}));
  BOOST_CHECK_EQUAL(said("backtrace"), R"(["0x1234","0x5678"])");
  BOOST_CHECK_EQUAL(said("peak_memory_bytes"), "2097152");
  BOOST_CHECK(!folder.exists("main/a/.eh-crash"));
}

BOOST_FIXTURE_TEST_CASE(an_uncaught_exception_is_named, Ended) {
  folder.write("main/a/.eh-crash",
               "terminate std::logic_error: so what\n6 0 0\n\n");
  const auto ended = killed(SIGABRT);
  BOOST_CHECK(ended.status == Status::crashed);
  BOOST_CHECK(has(ended.message, "std::logic_error: so what"));
}

BOOST_FIXTURE_TEST_CASE(a_torn_crash_file_does_no_harm, Ended) {
  folder.write("main/a/.eh-crash", "1");
  const auto ended = killed(SIGSEGV);
  BOOST_CHECK(ended.status == Status::crashed);
  BOOST_CHECK(!folder.exists("main/a/.eh-crash"));
}

BOOST_FIXTURE_TEST_CASE(the_plugin_is_gone, Ended) {
  folder.write("main/a/output.txt", "warning\ncannot load: no such file\n\n");
  const auto ended = exited(121);
  BOOST_CHECK(ended.status == Status::failed);
  BOOST_CHECK_EQUAL(ended.message, "cannot load: no such file");
}

BOOST_FIXTURE_TEST_CASE(the_child_could_not_write, Ended) {
  folder.write("main/a/output.txt", "cannot write the verdict: disk full\n");
  const auto ended = exited(110);
  BOOST_CHECK(ended.status == Status::failed);
  BOOST_CHECK_EQUAL(ended.message, "cannot write the verdict: disk full");
  BOOST_CHECK(ended.unwritten);
}

BOOST_FIXTURE_TEST_CASE(killed_after_a_verdict_of_success, Ended) {
  tree.write_verdict("main/a", R"({"status":"ok","seconds":1,"attempt":1})");
  BOOST_CHECK(killed(SIGSEGV).status == Status::crashed);
  BOOST_CHECK(tree.verdict("main/a")->status == Status::crashed);
}

BOOST_FIXTURE_TEST_CASE(empty_output_goes, Ended) {
  folder.write("main/a/output.txt", "");
  exited(3);
  BOOST_CHECK(!folder.exists("main/a/output.txt"));
}

BOOST_FIXTURE_TEST_CASE(output_stays, Ended) {
  folder.write("main/a/output.txt", "said");
  exited(3);
  BOOST_CHECK_EQUAL(folder.read("main/a/output.txt"), "said");
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_gone, Ended) {
  std::filesystem::remove_all(folder / "main/a");
  BOOST_CHECK_THROW(killed(SIGSEGV), std::system_error);
}

BOOST_FIXTURE_TEST_CASE(messages_are_valid_json, Ended) {
  folder.write("main/a/output.txt", "\xff\"\x1b\\\n");
  exited(121);
  BOOST_CHECK_EQUAL(verdict().at("status").as_string(), "failed");
}

BOOST_AUTO_TEST_SUITE_END()
