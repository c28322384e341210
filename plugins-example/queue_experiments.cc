// Simulated queues against queueing theory: for each load, number of servers
// and distribution of service times, the mean wait with a confidence interval
// next to the value of the formula.
#include <cmath>
#include <eh/eh.hpp>

#include "batch_means.h"
#include "queue_simulation.h"
#include "queue_theory.h"

namespace {

struct Queue {
  double load = 0.5;  // utilisation per server, 0 < load < 1
  int servers = 1;
  Service service = Service::exponential;
  int seed = 1;
  int warm_up = 60'000;  // customers who are not counted
  int batches = 30;
  int batch_size = 40'000;  // customers
};

/// One batch: a line of batches.csv.
struct Batch {
  int batch = 0;
  double wait = 0;
};

/// From which a simulation goes on that was asked to stop, by Ctrl-C or a time
/// limit, and ends as if it never had been.
struct Progress {
  std::vector<Batch> batches;
  std::vector<double> busy;
  std::mt19937_64 arrivals, services;
};

/// The final figures: `eh-host export main "sweep/*" --group-by servers,load`
/// makes them a table, with confidence intervals over the seeds.
void report(eh::Run& run, const Queue& p, const Estimate& estimate) {
  const Theory theory = mean_wait(p.service, p.servers, p.load);
  const double low = estimate.mean - estimate.half_width;
  const double high = estimate.mean + estimate.half_width;
  const double sigmas = (estimate.mean - theory.wait) / estimate.standard_error;
  run.result("wait", estimate.mean);
  run.result("theory", theory.wait);
  run.result("formula", theory.formula);
  run.result("low", low);  // 95 % confidence interval of this run alone
  run.result("high", high);
  run.result("standard error", estimate.standard_error);
  run.result("sigmas", sigmas);  // from theory to the mean
  run.log().info("mean wait {:.5f}, 95 % confidence {:.5f} to {:.5f}",
                 estimate.mean, low, high);
  run.log().info("{} says {:.5f}, {:.1f} standard errors away", theory.formula,
                 theory.wait, std::abs(sigmas));
  if (theory.exact && std::abs(sigmas) > 5)
    run.log().warning("theory is far outside of what was simulated");
}

void simulate(eh::Run& run, const Queue& p) {
  if (p.batches < 2 || p.batch_size < 1)
    throw std::invalid_argument(
        "cannot estimate an error: too few customers (use at least 2 batches "
        "of at least 1)");
  run.log().info("{} servers at a load of {}", p.servers, p.load);

  // The run's generators depend on the experiment's name. The seed is in
  // their names too, for experiments whose own name does not contain it.
  const std::string seed = std::to_string(p.seed);
  std::mt19937_64& arrivals = run.rng("arrivals " + seed);
  std::mt19937_64& services = run.rng("services " + seed);
  QueueSimulation queue(p.service, p.servers, p.load, arrivals, services);
  std::vector<Batch> batches;
  if (const auto progress = run.resume<Progress>()) {
    batches = progress->batches;
    queue.go_on_from(progress->busy);
    arrivals = progress->arrivals;
    services = progress->services;
    run.log().info("going on after {} batches", batches.size());
  } else {
    queue.average_wait(p.warm_up);  // it starts empty, which is untypical
    run.log().debug("{} customers to warm up", p.warm_up);
  }

  std::vector<double> waits;
  double sum = 0;
  for (const Batch& batch : batches) sum += waits.emplace_back(batch.wait);
  for (int i = static_cast<int>(waits.size()) + 1; i <= p.batches; ++i) {
    if (run.stop_requested()) {
      run.checkpoint(Progress{batches, queue.busy(), arrivals, services});
      run.log().warning("stopped after {} of {} batches", i - 1, p.batches);
      return;
    }
    waits.push_back(queue.average_wait(p.batch_size));
    batches.push_back({i, waits.back()});
    sum += waits.back();
    run.metric("wait", i, waits.back());
    run.metric("mean wait", i, sum / i);
  }
  report(run, p, batch_means(waits));
  run.write("batches.csv", batches);
}

}  // namespace

EH_GROUP(main, "Queues against queueing theory");

EH_EXPERIMENT(main, "baseline", simulate)
    .describe("One server, half of the time busy");
EH_EXPERIMENT(main, "heavy", simulate, {.load = 0.95})
    .describe("One server that is rarely idle");

EH_EXPERIMENT(main, "sweep/c={servers}/load={load}/{seed}", simulate)
    .describe("M/M/c against Erlang C")
    .sweep(&Queue::servers, {1, 2, 4})
    .sweep(&Queue::load, eh::linspace(0.1, 0.9, 9))
    .repeat(&Queue::seed, 5)
    .timeout(10min)
    .retries(1);

EH_EXPERIMENT(main, "service/{service}/load={load}/{seed}", simulate)
    .describe("M/G/1 against Pollaczek and Khinchine")
    .sweep(&Queue::service, {Service::deterministic, Service::lognormal,
                             Service::hyperexponential})
    .sweep(&Queue::load, {0.3, 0.6, 0.9})
    .repeat(&Queue::seed, 5)
    .timeout(10min)
    .retries(1);
