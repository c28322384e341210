// Zip files: archives of members that have names.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/out.h"

struct zip;  // of libzip

namespace eh::host {

/// A member as it is written.
struct ZipMember {
  std::string name;
  std::uint64_t size = 0;  ///< bytes
  /// The next part of its bytes, which stays until the next call; empty after
  /// the last. It may throw.
  std::function<std::string_view()> next;
};

/// Where an archive is gathered before it is passed on, which can only be when
/// all of it is there.
enum class ZipRoom { memory, scratch_file };

/// Writes an archive, compressed; equal members make equal ones. Throws
/// DataError, and what next() throws.
void write_zip(std::vector<ZipMember> members, ZipRoom room, Out& out);

/// Whether there is libzip; throws DataError, which says what is to be done.
void require_zip();

/// An archive in memory, which has to live as long. Throws DataError.
class ZipArchive {
 public:
  explicit ZipArchive(std::string_view bytes);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;
  std::uint64_t size() const;
  std::string name(std::uint64_t i) const;
  std::string content(std::uint64_t i) const;

 private:
  ::zip* archive_ = nullptr;
};

}  // namespace eh::host
