// SHA-1, as 40 hexadecimal digits.
#pragma once

#include <boost/uuid/detail/sha1.hpp>
#include <string>
#include <string_view>

namespace eh::host {

class Sha1 {
 public:
  void add(std::string_view bytes) {
    sha1_.process_bytes(bytes.data(), bytes.size());
  }
  /// Of all that was added; once.
  std::string text();

 private:
  boost::uuids::detail::sha1 sha1_;
};

std::string sha1_text(std::string_view bytes);

}  // namespace eh::host
