#include "os/elf_file.h"

#include <elf.h>
#include <link.h>

#include <cstring>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

namespace eh::host::test {

/// Looked up by the tests, with its namespace and argument.
__attribute__((noinline)) int elf_landmark(const std::string& text) {
  return static_cast<int>(text.size());
}

}  // namespace eh::host::test

BOOST_AUTO_TEST_SUITE(os_elf_file)

namespace {

constexpr const char* self = "/proc/self/exe";

// Where an address of this executable lies in its file.
std::uint64_t file_offset(const void* wanted) {
  struct Search {
    std::uint64_t address, offset = 0;
  } search{reinterpret_cast<std::uint64_t>(wanted)};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        auto& s = *static_cast<Search*>(context);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& segment = info->dlpi_phdr[i];
          const auto begin = info->dlpi_addr + segment.p_vaddr;
          if (segment.p_type == PT_LOAD && s.address >= begin &&
              s.address < begin + segment.p_filesz)
            s.offset = s.address - begin + segment.p_offset;
        }
        return s.offset != 0 ? 1 : 0;
      },
      &search);
  return search.offset;
}

void ask_everything(const ElfFile& file) {
  file.build_id();
  file.needs_its_place();
  for (std::uint64_t offset : {0ul, 64ul, 4096ul, 100'000ul, ~0ul})
    file.function_at(offset);
}

// An ELF header and nothing else.
std::string header() {
  Elf64_Ehdr h{};
  std::memcpy(h.e_ident, ELFMAG, SELFMAG);
  h.e_ident[EI_CLASS] = ELFCLASS64;
  h.e_ident[EI_DATA] = ELFDATA2LSB;
  return {reinterpret_cast<const char*>(&h), sizeof h};
}

}  // namespace

BOOST_AUTO_TEST_CASE(functions_have_their_names) {
  const ElfFile file(self);
  const auto offset = file_offset(reinterpret_cast<const void*>(&elf_landmark));
  BOOST_REQUIRE_GT(offset, 0u);
  const auto function = file.function_at(offset);
  BOOST_REQUIRE(function);
  BOOST_CHECK(has(function->name, "eh::host::test::elf_landmark("));
  BOOST_CHECK_EQUAL(function->offset, 0u);
  const auto inside = file.function_at(offset + 3);
  BOOST_REQUIRE(inside);
  BOOST_CHECK_EQUAL(inside->name, function->name);
  BOOST_CHECK_EQUAL(inside->offset, 3u);
  BOOST_CHECK(!file.function_at(0));
  BOOST_CHECK(!file.function_at(~std::uint64_t{0}));
}

BOOST_AUTO_TEST_CASE(build_ids) {
  const auto id = ElfFile(self).build_id();
  for (const char c : id) BOOST_CHECK(std::isxdigit(c));
  BOOST_CHECK_EQUAL(id.size() % 2, 0u);
  BOOST_CHECK_EQUAL(id, ElfFile(self).build_id());
}

BOOST_AUTO_TEST_CASE(files_without_answers) {
  const TemporaryDirectory folder;
  folder.write("text", std::string(1000, 'x'));
  folder.write("empty", "");
  folder.write("short", header().substr(0, 20));
  auto small = header();
  small[EI_CLASS] = ELFCLASS32;
  folder.write("32-bit", small);
  for (const auto* name :
       {"text", "empty", "short", "32-bit", "missing", "."}) {
    const ElfFile file(folder / name);
    BOOST_CHECK_EQUAL(file.build_id(), "");
    BOOST_CHECK(!file.needs_its_place());
    BOOST_CHECK(!file.function_at(0));
  }
}

// Whatever is in a file, nothing outside of it is read.
BOOST_AUTO_TEST_CASE(damaged_files) {
  const TemporaryDirectory folder;
  for (const std::uint64_t offset :
       {0ul, 1ul, 40ul, 64ul, 1000ul, ~0ul, ~0ul - 63, 1ul << 63}) {
    auto bytes = header();
    auto* h = reinterpret_cast<Elf64_Ehdr*>(bytes.data());
    h->e_phoff = h->e_shoff = offset;
    h->e_phnum = h->e_shnum = 0xffff;
    folder.write("wild", bytes + std::string(200, '\1'));
    ask_everything(ElfFile(folder / "wild"));
  }
  // One segment of notes, whose sizes are nonsense.
  for (const std::uint32_t size : {0u, 1u, 5u, 0x7fffffffu, 0xffffffffu}) {
    auto bytes = header();
    auto* h = reinterpret_cast<Elf64_Ehdr*>(bytes.data());
    h->e_phoff = sizeof(Elf64_Ehdr);
    h->e_phnum = 1;
    Elf64_Phdr segment{};
    segment.p_type = PT_NOTE;
    segment.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
    segment.p_filesz = ~std::uint64_t{0} >> 1;
    bytes.append(reinterpret_cast<const char*>(&segment), sizeof segment);
    const Elf64_Nhdr note{size, size, NT_GNU_BUILD_ID};
    bytes.append(reinterpret_cast<const char*>(&note), sizeof note);
    bytes.append("GNU\0xyz", 7);
    folder.write("notes", bytes);
    ask_everything(ElfFile(folder / "notes"));
  }
}

BOOST_AUTO_TEST_CASE(cut_off_files) {
  const TemporaryDirectory folder;
  std::string begin;
  {
    std::FILE* file = std::fopen(self, "rb");
    BOOST_REQUIRE(file);
    begin.resize(20'000);
    begin.resize(std::fread(begin.data(), 1, begin.size(), file));
    std::fclose(file);
  }
  for (std::size_t n : {64, 100, 500, 1000, 4096, 5000, 20'000}) {
    folder.write("cut", begin.substr(0, n));
    ask_everything(ElfFile(folder / "cut"));
  }
}

BOOST_AUTO_TEST_CASE(names_for_people) {
  BOOST_CHECK_EQUAL(demangled("_ZN2eh4host3fooEi"), "eh::host::foo(int)");
  BOOST_CHECK_EQUAL(demangled("main"), "main");
  BOOST_CHECK_EQUAL(demangled(""), "");
}

BOOST_AUTO_TEST_SUITE_END()
