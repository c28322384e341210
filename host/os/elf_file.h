// Reads what the host wants to know of a shared library's file without loading
// it: its build-id, whether it finds its own libraries relative to itself, and
// which function an address belongs to. 64-bit ELF of the machine's byte
// order; anything else is a file without answers.
// Format: System V ABI, chapters 4 and 5; elf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

class ElfFile {
 public:
  /// Maps the file. An unreadable or foreign one gives no answers.
  explicit ElfFile(const std::string& path);
  ~ElfFile();
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  std::string build_id() const;  ///< hexadecimal; "" if it has none
  /// Where it looks for its own libraries: places, separated by colons.
  std::string run_path() const;
  /// Whether its run path has $ORIGIN, so that a copy elsewhere may not load.
  bool needs_its_place() const;

  struct Function {
    std::string name;          ///< demangled
    std::uint64_t offset = 0;  ///< of the address in it
  };
  /// The function at a place of the file, given as an offset in the file.
  std::optional<Function> function_at(std::uint64_t file_offset) const;

 private:
  template <class T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const;
  std::string_view text_at(std::uint64_t offset) const;
  template <class Visit>
  void sections(const Visit& visit) const;
  template <class Visit>
  void segments(const Visit& visit) const;

  const unsigned char* data_ = nullptr;
  std::uint64_t size_ = 0;
};

std::string demangled(const std::string& symbol);

}  // namespace eh::host
