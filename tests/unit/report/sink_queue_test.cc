#include "report/sink_queue.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_sink_queue)

namespace {

// A record is its amount; those below 0 must not be left out.
using Queue = SinkQueue<int>;

void limit(Queue& queue, std::size_t room) {
  queue.limit(room, 2 * room, [](int record) {
    return Queue::Weight{static_cast<std::size_t>(std::abs(record)),
                         record > 0};
  });
}

int next(Queue& queue) {
  int record = 0;
  return queue.try_dequeue(record) ? record : -1000;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_waits_for_somebody_slow) {
  Queue queue;
  limit(queue, 10);
  BOOST_CHECK_EQUAL(queue.waiting(), 0u);
  BOOST_CHECK(queue.has_room());
  queue.enqueue(10);
  BOOST_CHECK(!queue.has_room());
  queue.enqueue(10);  // a bit more fits, for who did not ask
  BOOST_CHECK_EQUAL(queue.left_out(), 0u);
  queue.enqueue(1);
  BOOST_CHECK_EQUAL(queue.left_out(), 1u);
  queue.enqueue(-5);
  BOOST_CHECK_EQUAL(queue.amount(), 25u);
  BOOST_CHECK_EQUAL(next(queue), 10);
  BOOST_CHECK_EQUAL(next(queue), 10);
  BOOST_CHECK_EQUAL(queue.amount(), 15u);  // what is in hand waits, too
  BOOST_CHECK_EQUAL(next(queue), -5);
  BOOST_CHECK(queue.has_room());
  BOOST_CHECK(!queue.stuck());
  BOOST_CHECK_EQUAL(queue.waiting(), 1u);
  BOOST_CHECK_EQUAL(next(queue), 0);
  BOOST_CHECK_EQUAL(queue.waiting(), 0u);
  BOOST_CHECK_EQUAL(queue.amount(), 0u);
}

BOOST_AUTO_TEST_CASE(the_turn_of_the_sink) {
  Queue queue;
  limit(queue, 10);
  BOOST_CHECK_EQUAL(next(queue), -1000);
  queue.enqueue(1);
  queue.enqueue(2);
  BOOST_CHECK_EQUAL(next(queue), 1);
  queue.enqueue(3);
  BOOST_CHECK_EQUAL(next(queue), 2);
  BOOST_CHECK_EQUAL(next(queue), 3);
  BOOST_CHECK_EQUAL(next(queue), 0);
  BOOST_CHECK_EQUAL(next(queue), -1000);
  queue.call();
  BOOST_CHECK_EQUAL(next(queue), 0);
  BOOST_CHECK_EQUAL(next(queue), -1000);
}

BOOST_AUTO_TEST_CASE(waiting_for_records) {
  Queue queue;
  limit(queue, 10);
  int record = 7;
  queue.set_due(Clock::now() + std::chrono::milliseconds(5));
  BOOST_CHECK(queue.dequeue_ready(record));
  BOOST_CHECK_EQUAL(record, 7);  // without contents
  queue.set_due({});
  queue.enqueue(1);
  BOOST_CHECK(queue.dequeue_ready(record));
  BOOST_CHECK_EQUAL(record, 1);
  BOOST_CHECK(queue.dequeue_ready(record));  // the sink's turn
  queue.interrupt_dequeue();
  BOOST_CHECK(!queue.dequeue_ready(record));
}

BOOST_AUTO_TEST_SUITE_END()
