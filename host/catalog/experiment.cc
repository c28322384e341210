#include "catalog/experiment.h"

namespace eh::host {

std::string leaf_of(const Catalog& catalog, const Experiment& experiment) {
  const Family& family = catalog.families[experiment.family];
  return family.group + '/' + family.name(experiment.point);
}

}  // namespace eh::host
