#include "os/gpus.h"

#include <map>

#include "support.h"

using namespace eh::host;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(os_gpus)

namespace {

using Variables = std::map<std::string, std::string>;

Environment with(const Variables& variables) {
  return [variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

Texts allowed(const Variables& variables) {
  return allowed_gpus(with(variables));
}

Variables given(const std::string& gpus, const Variables& variables) {
  Variables out;
  for (const auto& [name, value] : gpu_variables(gpus, with(variables)))
    out[name] = value;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(which_are_allowed) {
  BOOST_TEST(allowed({}) == Texts{});
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "2,3"}}) == (Texts{"2", "3"}));
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "GPU-8f-1,MIG-3a-0"}}) ==
             (Texts{"GPU-8f-1", "MIG-3a-0"}));
  BOOST_TEST(allowed({{"ROCR_VISIBLE_DEVICES", "1"}}) == Texts{"1"});
  BOOST_TEST(allowed({{"SLURM_JOB_GPUS", "0,2-4"}}) ==
             (Texts{"0", "2", "3", "4"}));
  BOOST_TEST(allowed({{"SLURM_JOB_GPUS", "0,1"}, {"SLURM_STEP_GPUS", "1"}}) ==
             Texts{"1"});
}

BOOST_AUTO_TEST_CASE(none_are_allowed) {
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", ""}}) == Texts{});
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "-1"}}) == Texts{});
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "NoDevFiles"}}) == Texts{});
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "1,-1,0"}}) == Texts{"1"});
}

// A job that is confined to its devices has them numbered from 0.
BOOST_AUTO_TEST_CASE(renumbered) {
  BOOST_TEST(allowed({{"CUDA_VISIBLE_DEVICES", "0"},
                      {"SLURM_JOB_GPUS", "1"}}) == Texts{"0"});
}

BOOST_AUTO_TEST_CASE(shares) {
  const Texts four{"0", "1", "2", "3"};
  BOOST_TEST(share_gpus(four, 1) == Texts{"0,1,2,3"});
  BOOST_TEST(share_gpus(four, 2) == (Texts{"0,1", "2,3"}));
  BOOST_TEST(share_gpus(four, 3) == (Texts{"0", "1", "2"}));
  BOOST_TEST(share_gpus(four, 4) == four);
  BOOST_TEST(share_gpus(four, 5) == Texts{});
  BOOST_TEST(share_gpus(four, 2, 1) == (Texts{"0", "1"}));
  BOOST_TEST(share_gpus(four, 2, 9) == (Texts{"0,1", "2,3"}));
  BOOST_TEST(share_gpus({}, 2) == Texts{});
  BOOST_TEST(share_gpus(four, 0) == Texts{});
}

BOOST_AUTO_TEST_CASE(variables_of_an_experiment) {
  const Variables cuda{{"CUDA_VISIBLE_DEVICES", "2,3"}, {"HOME", "/h"}};
  BOOST_TEST((given("3", cuda) == Variables{{"CUDA_VISIBLE_DEVICES", "3"}}));
  const Variables both{{"CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b"},
                       {"GPU_DEVICE_ORDINAL", "4,5"},
                       {"ROCR_VISIBLE_DEVICES", "0,1,2"}};
  BOOST_TEST(
      (given("GPU-b", both) == Variables{{"CUDA_VISIBLE_DEVICES", "GPU-b"},
                                         {"GPU_DEVICE_ORDINAL", "5"}}));
  BOOST_TEST((given("GPU-a,GPU-b", both) ==
              Variables{{"CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b"},
                        {"GPU_DEVICE_ORDINAL", "4,5"}}));
  BOOST_TEST((given("1", {{"SLURM_JOB_GPUS", "0,1"}}) ==
              Variables{{"CUDA_VISIBLE_DEVICES", "1"}}));
}

BOOST_AUTO_TEST_SUITE_END()
