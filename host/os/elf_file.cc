#include "os/elf_file.h"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/hex.h"
#include "os/file.h"

namespace eh::host {

std::string demangled(const std::string& symbol) {
  int status = 0;
  char* text = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status);
  std::string out = status == 0 ? text : symbol;
  std::free(text);
  return out;
}

ElfFile::ElfFile(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0 ||
      info.st_size < static_cast<off_t>(sizeof(Elf64_Ehdr)))
    return;
  void* data = ::mmap(nullptr, static_cast<std::size_t>(info.st_size),
                      PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (data == MAP_FAILED) return;
  data_ = static_cast<const unsigned char*>(data);
  size_ = static_cast<std::uint64_t>(info.st_size);
  const auto* header = at<Elf64_Ehdr>(0);
  if (std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64) {
    ::munmap(data, size_);
    data_ = nullptr;
    size_ = 0;
  }
}

ElfFile::~ElfFile() {
  if (data_) ::munmap(const_cast<unsigned char*>(data_), size_);
}

template <class T>
const T* ElfFile::at(std::uint64_t offset, std::uint64_t count) const {
  if (offset > size_ || count > (size_ - offset) / sizeof(T) ||
      offset % alignof(T) != 0)
    return nullptr;
  return reinterpret_cast<const T*>(data_ + offset);
}

std::string_view ElfFile::text_at(std::uint64_t offset) const {
  if (offset >= size_) return {};
  const auto* begin = reinterpret_cast<const char*>(data_ + offset);
  return {begin, ::strnlen(begin, size_ - offset)};
}

template <class Visit>
void ElfFile::sections(const Visit& visit) const {
  const auto* header = at<Elf64_Ehdr>(0);
  if (!header) return;
  for (unsigned i = 0; i < header->e_shnum; ++i)
    if (const auto* s =
            at<Elf64_Shdr>(header->e_shoff + i * sizeof(Elf64_Shdr)))
      visit(*s);
}

template <class Visit>
void ElfFile::segments(const Visit& visit) const {
  const auto* header = at<Elf64_Ehdr>(0);
  if (!header) return;
  for (unsigned i = 0; i < header->e_phnum; ++i)
    if (const auto* s =
            at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr)))
      visit(*s);
}

std::string ElfFile::build_id() const {
  std::string out;
  segments([&](const Elf64_Phdr& segment) {
    if (segment.p_type != PT_NOTE || !out.empty()) return;
    auto offset = segment.p_offset;
    const auto end = segment.p_offset + segment.p_filesz;
    while (offset + sizeof(Elf64_Nhdr) <= end) {
      const auto* note = at<Elf64_Nhdr>(offset);
      if (!note) return;
      const auto name = offset + sizeof(Elf64_Nhdr);
      const auto id = name + (note->n_namesz + 3) / 4 * 4;
      const auto* bytes = at<unsigned char>(id, note->n_descsz);
      if (!bytes) return;
      if (note->n_type == NT_GNU_BUILD_ID && text_at(name) == "GNU") {
        for (std::uint32_t i = 0; i < note->n_descsz; ++i)
          append_hex_byte(out, bytes[i]);
        return;
      }
      offset = id + (note->n_descsz + 3) / 4 * 4;
    }
  });
  return out;
}

std::string ElfFile::run_path() const {
  std::string out;
  sections([&](const Elf64_Shdr& section) {
    if (section.sh_type != SHT_DYNAMIC) return;
    const auto* strings = at<Elf64_Shdr>(at<Elf64_Ehdr>(0)->e_shoff +
                                         section.sh_link * sizeof(Elf64_Shdr));
    if (!strings) return;
    for (std::uint64_t i = 0; i < section.sh_size / sizeof(Elf64_Dyn); ++i) {
      const auto* entry =
          at<Elf64_Dyn>(section.sh_offset + i * sizeof(Elf64_Dyn));
      if (!entry || entry->d_tag == DT_NULL) return;
      if (entry->d_tag == DT_RUNPATH || entry->d_tag == DT_RPATH) {
        if (!out.empty()) out += ':';
        out += text_at(strings->sh_offset + entry->d_un.d_val);
      }
    }
  });
  return out;
}

bool ElfFile::needs_its_place() const {
  const auto path = run_path();
  return path.find("$ORIGIN") != path.npos ||
         path.find("${ORIGIN}") != path.npos;
}

std::optional<ElfFile::Function> ElfFile::function_at(
    std::uint64_t file_offset) const {
  std::uint64_t address = 0;
  bool mapped = false;
  segments([&](const Elf64_Phdr& segment) {
    if (segment.p_type == PT_LOAD && file_offset >= segment.p_offset &&
        file_offset < segment.p_offset + segment.p_filesz) {
      address = file_offset - segment.p_offset + segment.p_vaddr;
      mapped = true;
    }
  });
  if (!mapped) return {};
  std::optional<Function> best;
  std::uint64_t best_start = 0;
  sections([&](const Elf64_Shdr& section) {
    if (section.sh_type != SHT_SYMTAB && section.sh_type != SHT_DYNSYM) return;
    const auto* strings = at<Elf64_Shdr>(at<Elf64_Ehdr>(0)->e_shoff +
                                         section.sh_link * sizeof(Elf64_Shdr));
    const auto count = section.sh_size / sizeof(Elf64_Sym);
    const auto* symbols = at<Elf64_Sym>(section.sh_offset, count);
    if (!strings || !symbols) return;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto& symbol = symbols[i];
      const auto type = ELF64_ST_TYPE(symbol.st_info);
      if ((type != STT_FUNC && type != STT_GNU_IFUNC) || symbol.st_value == 0 ||
          address < symbol.st_value ||
          address >=
              symbol.st_value + std::max<std::uint64_t>(1, symbol.st_size) ||
          (best && symbol.st_value <= best_start))
        continue;
      best_start = symbol.st_value;
      best = Function{std::string(text_at(strings->sh_offset + symbol.st_name)),
                      address - symbol.st_value};
    }
  });
  if (best) best->name = demangled(best->name);
  return best;
}

}  // namespace eh::host
