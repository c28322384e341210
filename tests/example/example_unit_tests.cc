// The parts of the example plugin that need no host: formulas against values
// from elsewhere, the simulation against the formulas, codecs there and back.
#define BOOST_TEST_MODULE example
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "batch_means.h"
#include "codec.h"
#include "queue_simulation.h"
#include "queue_theory.h"

namespace {

const std::vector<Service> all_services = {
    Service::exponential, Service::deterministic, Service::lognormal,
    Service::hyperexponential};

/// By its definition: a sum of powers over factorials.
double erlang_c_by_sum(int servers, double traffic) {
  double term = 1, sum = 0;
  for (int n = 0; n < servers; ++n) {
    sum += term;
    term *= traffic / (n + 1);
  }
  const double all_busy = term / (1 - traffic / servers);
  return all_busy / (sum + all_busy);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formulas, *boost::unit_test::tolerance(1e-12))

BOOST_AUTO_TEST_CASE(one_server_waits_as_often_as_it_is_busy) {
  for (const double load : {0.0, 0.1, 0.5, 0.99})
    BOOST_TEST(erlang_c(1, load) == load);
}

BOOST_AUTO_TEST_CASE(erlang_c_of_two_servers_has_a_closed_form) {
  BOOST_TEST(erlang_c(2, 1.0) == 1.0 / 3);
  for (const double load : {0.2, 0.7, 0.95})
    BOOST_TEST(erlang_c(2, 2 * load) == 2 * load * load / (1 + load));
}

BOOST_AUTO_TEST_CASE(erlang_c_is_the_sum_of_its_definition) {
  for (const int servers : {1, 2, 3, 4, 10, 50})
    for (const double load : {0.1, 0.5, 0.9})
      BOOST_TEST(erlang_c(servers, servers * load) ==
                 erlang_c_by_sum(servers, servers * load));
}

// A telephone engineer's table: 10 lines lose 1 % of 4.4612 erlang.
BOOST_AUTO_TEST_CASE(erlang_b_agrees_with_printed_tables,
                     *boost::unit_test::tolerance(1e-4)) {
  BOOST_TEST(erlang_b(10, 4.4612) == 0.01);
  BOOST_TEST(erlang_b(5, 1.3608) == 0.01);
  BOOST_TEST(erlang_b(2, 0.1526) == 0.01, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(many_servers_overflow_nothing) {
  BOOST_TEST(erlang_c(100'000, 99'000) > 0);
  BOOST_TEST(erlang_c(100'000, 99'000) < 1);
}

BOOST_AUTO_TEST_CASE(wait_of_one_exponential_server) {
  BOOST_TEST(erlang_wait(1, 0.5) == 1.0);
  BOOST_TEST(erlang_wait(1, 0.9) == 9.0);
  BOOST_TEST(pollaczek_khinchine_wait(0.9, 1) == 9.0);
}

BOOST_AUTO_TEST_CASE(without_variation_the_wait_is_half) {
  BOOST_TEST(mean_wait(Service::deterministic, 1, 0.9).wait == 4.5);
}

BOOST_AUTO_TEST_CASE(the_formula_that_fits_is_taken) {
  BOOST_TEST(mean_wait(Service::exponential, 4, 0.5).formula == "Erlang C");
  BOOST_TEST(mean_wait(Service::lognormal, 1, 0.5).exact);
  BOOST_TEST(!mean_wait(Service::lognormal, 2, 0.5).exact);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statistics)

// Values from printed tables of Student's t.
BOOST_AUTO_TEST_CASE(student_t_agrees_with_printed_tables,
                     *boost::unit_test::tolerance(1e-3)) {
  BOOST_TEST(student_t(0.025, 5) == 2.5706);
  BOOST_TEST(student_t(0.025, 29) == 2.0452);
  BOOST_TEST(student_t(0.025, 1000) == 1.9623);
  BOOST_TEST(student_t(0.005, 10) == 3.1693);
}

BOOST_AUTO_TEST_CASE(batch_means_of_known_batches,
                     *boost::unit_test::tolerance(1e-12)) {
  const Estimate estimate = batch_means({1, 2, 3, 4, 5, 6, 7});
  BOOST_TEST(estimate.mean == 4);
  BOOST_TEST(estimate.standard_error == std::sqrt(28.0 / 6 / 7));
}

BOOST_AUTO_TEST_CASE(service_times_have_their_mean_and_variation) {
  for (const Service service : all_services) {
    std::mt19937_64 generator(7);
    ServiceTimes next(service, generator);
    const int count = 1'000'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < count; ++i) {
      const double time = next();
      BOOST_REQUIRE(time > 0);
      sum += time;
      squares += time * time;
    }
    const double variance = squares / count - sum / count * sum / count;
    const double expected = squared_variation(service);
    BOOST_TEST(std::abs(sum / count - 1) <=
               5 * std::sqrt(expected / count) + 1e-12);
    BOOST_TEST(std::abs(variance - expected) <= 0.05 * expected + 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(simulated_waits_agree_with_theory) {
  for (const Service service : all_services)
    for (const int servers : {1, 3}) {
      const Theory theory = mean_wait(service, servers, 0.7);
      if (!theory.exact) continue;
      std::mt19937_64 arrivals(1), services(2);
      QueueSimulation queue(service, servers, 0.7, arrivals, services);
      queue.average_wait(10'000);
      std::vector<double> batches;
      for (int i = 0; i < 30; ++i)
        batches.push_back(queue.average_wait(10'000));
      const Estimate estimate = batch_means(batches);
      BOOST_TEST(std::abs(estimate.mean - theory.wait) <
                 4 * estimate.standard_error);
      BOOST_TEST(estimate.standard_error < 0.05 * theory.wait);
    }
}

BOOST_AUTO_TEST_CASE(impossible_queues_are_refused) {
  std::mt19937_64 generator;
  for (const double load : {-1.0, 0.0, 1.0, std::nan("")})
    BOOST_CHECK_THROW(
        QueueSimulation(Service::exponential, 1, load, generator, generator),
        std::invalid_argument);
  BOOST_CHECK_THROW(
      QueueSimulation(Service::exponential, 0, 0.5, generator, generator),
      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(codecs)

namespace {

const std::vector<Method> all_methods = {Method::deflate, Method::run_length,
                                         Method::lz77, Method::range_coder};

std::vector<std::string> samples() {
  std::vector<std::string> all = {"", "a", "ab", "aaa", "abcabcabcabcabcabc"};
  for (const std::size_t size : {127, 128, 129, 130, 257, 30'000})
    all.push_back(std::string(size, '\0'));
  all.push_back(std::string(30'000, '\xff'));
  std::mt19937_64 generator(3);
  for (const unsigned letters : {2u, 4u, 256u}) {
    std::string text;
    for (int i = 0; i < 30'000; ++i)
      text += static_cast<char>(generator() % letters);
    all.push_back(text);
    all.push_back(text + text);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_is_compressed_comes_back) {
  for (const std::string& plain : samples())
    for (const Method method : all_methods)
      for (int level = 1; level <= highest_level(method); ++level) {
        const std::string packed = compress(method, level, plain);
        BOOST_REQUIRE(decompress(method, level, packed, plain.size()) == plain);
      }
}

BOOST_AUTO_TEST_CASE(what_repeats_becomes_small) {
  const std::string plain(30'000, 'x');
  for (const Method method : all_methods)
    BOOST_TEST(compress(method, 1, plain).size() < plain.size() / 30);
}

// Two equally likely letters carry one bit each. The seven bits that are
// certain cost 0.02 each, since no probability gets below 31 of 2048.
BOOST_AUTO_TEST_CASE(the_range_coder_comes_near_to_the_entropy) {
  std::mt19937_64 generator(3);
  std::string plain;
  for (int i = 0; i < 30'000; ++i) plain += (generator() & 1) ? 'a' : 'b';
  const double size =
      static_cast<double>(compress(Method::range_coder, 1, plain).size());
  BOOST_TEST(size > 3'750);
  BOOST_TEST(size < 3'750 * 1.2);
}

BOOST_AUTO_TEST_CASE(levels_that_are_none_are_refused) {
  for (const Method method : all_methods)
    for (const int level : {0, highest_level(method) + 1})
      BOOST_CHECK_THROW(compress(method, level, "x"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
