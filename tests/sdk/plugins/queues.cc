// What a researcher writes, all of it. queues_more.cc is of the same plugin.
#include <eh/eh.hpp>
#include <functional>
#include <stdexcept>

struct Queue {
  double load = 0.5;
  int servers = 1;
  int seed = 1;
};

static void simulate(eh::Run& run, const Queue& p) {
  run.log().info("{} servers at {}", p.servers, p.load);
  eh::Table table{"wait", "served"};
  table.add_row(p.load, p.servers);
  run.metric("wait", 1, p.load);
  run.write("waits.csv.gz", table);
}

EH_GROUP(main, "M/M/c queues against theory");

EH_EXPERIMENT(main, "baseline", simulate);
EH_EXPERIMENT(main, "heavy", simulate, {.load = 0.95, .seed = 3});
EH_EXPERIMENT(main, "sweep/c={servers}/load={load}/{seed}", simulate)
    .sweep(&Queue::servers, {1, 2, 4})
    .sweep(&Queue::load, eh::linspace(0.1, 0.9, 9))
    .repeat(&Queue::seed, 20)  // seeds 1..20
    .timeout(10min)
    .retries(1)
    .describe("all of it");

EH_REGISTER(main, group) {
  for (const auto& day : eh::days("2022-07-01", "2022-07-27"))
    group.add("analysis/" + day,
              [=](eh::Run& run) { run.log().info("day " + day); });
}

static void nothing() {}
static void only_parameters(const Queue& p) {
  if (p.servers != 7) throw std::logic_error("not seven");
}
static void bound(int extra, eh::Run& run, const Queue& p) {
  run.metric("sum", 0, extra + p.servers);
}
struct Functor {
  void operator()(eh::Run& run, Queue p) { run.metric("by value", 0, p.seed); }
};

// Two on one line.
// clang-format off
EH_EXPERIMENT(main, "nothing", nothing); EH_EXPERIMENT(main, "lambda", [] {});
// clang-format on
EH_EXPERIMENT(main, "only", only_parameters, {.servers = 7});
EH_EXPERIMENT(main, "bound", std::bind_front(bound, 40), {.servers = 2});
EH_EXPERIMENT(main, "functor", Functor{}, {.seed = 5});
EH_EXPERIMENT(main, "generic", eh::with<Queue>([](auto& run, const auto& p) {
                run.metric("generic", 0, p.servers);
              }));
EH_EXPERIMENT(main, "filtered/{servers}/{seed}", simulate)
    .sweep(&Queue::servers, eh::range(1, 4))
    .sweep(&Queue::seed, std::vector<long>{1, 2, 3})
    .filter([](const Queue& q) { return q.servers <= q.seed; })
    .filter([](const Queue& q) { return q.seed < 3; });
EH_EXPERIMENT(main, "braces/{{x}}/{servers}", simulate)
    .sweep(&Queue::servers, {1});

// The ends of an experiment.
static void stop(eh::Run& run) {
  if (run.stop_requested()) return;
  run.log().info("not stopped");
}
EH_EXPERIMENT(main, "stop", stop);
EH_EXPERIMENT(main, "throws", [] { throw std::out_of_range("too far"); });
EH_EXPERIMENT(main, "throws-int", [] { throw 3; });
EH_EXPERIMENT(main, "nested", [] {
  try {
    throw std::runtime_error("disk full");
  } catch (...) {
    std::throw_with_nested(std::logic_error("cannot save"));
  }
});

// Used here, declared in the other file.
EH_EXPERIMENT(puffer, "from-here", simulate);
EH_REGISTER(puffer, group) {
  group.add("fixed/{load}", simulate, {.load = 0.25});
  group.add("swept/{servers}/{load}", simulate, {.load = 0.25})
      .sweep(&Queue::servers, {1, 2})
      .sweep(&Queue::load, {0.5})
      .timeout(1500ms);
  group.add("empty", simulate, {});
}
