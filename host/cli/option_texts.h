// What options there are, and what --help says of them.
#pragma once

#include <boost/program_options.hpp>
#include <vector>

namespace eh::host {

/// By what they are for.
std::vector<boost::program_options::options_description> described_options();

}  // namespace eh::host
