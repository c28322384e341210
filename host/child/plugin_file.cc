#include "child/plugin_file.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "eh/abi.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);

constexpr char not_shared[] =
    "it is not a shared library (build it with eh_add_plugin, or as a MODULE)";
constexpr char program[] =
    "it is a program, not a shared library (one with experiments in it is run"
    " by itself, with eh-host's options; for a plugin, build it with"
    " eh_add_plugin)";
constexpr char damaged[] =
    "it is truncated or damaged (build or copy it again)";

#if defined(__x86_64__)
constexpr unsigned this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr unsigned this_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr unsigned this_machine = EM_PPC64;
#else
constexpr unsigned this_machine = EM_NONE;
#endif

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_386:
      return "x86 (32 bit)";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "ARM (32 bit)";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "POWER";
    default:
      return "ELF machine " + std::to_string(machine);
  }
}

// A file in memory, in which nothing is read beyond the end.
class Image {
 public:
  explicit Image(int fd, std::size_t size) : size_(size) {
    data_ = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  }
  ~Image() {
    if (ok()) ::munmap(data_, size_);
  }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  bool ok() const { return data_ != MAP_FAILED; }
  bool holds(std::uint64_t offset, std::uint64_t size) const {
    return offset <= size_ && size <= size_ - offset;
  }
  /// `count` structs at an offset, or null.
  template <class T>
  const T* at(std::uint64_t offset, std::uint64_t count = 1) const {
    if (count > size_ / sizeof(T) || !holds(offset, count * sizeof(T)))
      return nullptr;
    if (offset % alignof(T) != 0) return nullptr;
    return reinterpret_cast<const T*>(bytes() + offset);
  }
  const char* bytes() const { return static_cast<const char*>(data_); }

 private:
  void* data_;
  std::size_t size_;
};

// Whether it is position-independent and a program all the same. Linkers mark
// it so; that it names an interpreter would not do, as some libraries can be
// run, too.
bool is_program(const Image& image) {
  const auto* header = image.at<Header>(0);
  const auto* segments = image.at<Segment>(header->e_phoff, header->e_phnum);
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    if (segments[i].p_type != PT_DYNAMIC) continue;
    const auto count = segments[i].p_filesz / sizeof(Dynamic);
    const auto* entries = image.at<Dynamic>(segments[i].p_offset, count);
    if (!entries) return false;
    for (std::uint64_t k = 0; k < count; ++k)
      if (entries[k].d_tag == DT_FLAGS_1)
        return (entries[k].d_un.d_val & DF_1_PIE) != 0;
  }
  return false;
}

std::string header_problem(const Image& image) {
  if (!image.holds(0, SELFMAG) ||
      std::memcmp(image.bytes(), ELFMAG, SELFMAG) != 0)
    return not_shared;
  const auto* header = image.at<Header>(0);
  if (!header) return damaged;
  const bool native_form = header->e_ident[EI_CLASS] ==
                               (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32) &&
                           header->e_ident[EI_DATA] == ELFDATA2LSB;
  if (!native_form ||
      (this_machine != EM_NONE && header->e_machine != this_machine))
    return "it is made for another architecture, " +
           machine_name(header->e_machine) +
           " (build it on this machine: " + machine_name(this_machine) + ")";
  if (header->e_type == ET_EXEC) return program;
  if (header->e_type != ET_DYN) return not_shared;
  const auto* segments = image.at<Segment>(header->e_phoff, header->e_phnum);
  if (!segments) return damaged;
  for (unsigned i = 0; i < header->e_phnum; ++i)
    if (segments[i].p_type == PT_LOAD &&
        !image.holds(segments[i].p_offset, segments[i].p_filesz))
      return damaged;
  if (!image.at<Section>(header->e_shoff, header->e_shnum)) return damaged;
  return is_program(image) ? program : "";
}

// N if the name is eh_plugin_vN, else 0.
unsigned entry_version(std::string_view name) {
  constexpr std::string_view prefix = "eh_plugin_v";
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  unsigned version = 0;
  const auto end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data(), end, version);
  return error == std::errc() && at == end ? version : 0;
}

// Of the table of dynamic symbols, which strip leaves in place.
void read_versions(const Image& image, PluginFile& file) {
  const auto& header = *image.at<Header>(0);
  const auto* sections = image.at<Section>(header.e_shoff, header.e_shnum);
  file.no_symbols = true;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    if (sections[i].sh_type != SHT_DYNSYM) continue;
    if (sections[i].sh_link >= header.e_shnum) continue;
    const auto& names = sections[sections[i].sh_link];
    const auto count = sections[i].sh_size / sizeof(Symbol);
    const auto* symbols = image.at<Symbol>(sections[i].sh_offset, count);
    if (!symbols || !image.holds(names.sh_offset, names.sh_size)) continue;
    file.no_symbols = false;
    const char* text = image.bytes() + names.sh_offset;
    for (std::size_t k = 0; k < count; ++k) {
      const auto& symbol = symbols[k];
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_name >= names.sh_size)
        continue;
      const auto most = names.sh_size - symbol.st_name;
      const char* name = text + symbol.st_name;
      if (const auto v = entry_version({name, ::strnlen(name, most)}))
        file.versions.push_back(v);
    }
  }
}

}  // namespace

PluginFile look_at_plugin_file(const std::string& path) {
  OwnFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.ok() && errno == ENOENT)
    return {"there is no such file (build it, or correct the path)", {}};
  if (!fd.ok()) return {reason_text(errno) + " (correct the path)", {}};
  struct stat status;
  if (::fstat(fd.get(), &status) != 0) return {reason_text(errno), {}};
  if (S_ISDIR(status.st_mode))
    return {"it is a folder (name a file, or use --plugin-dir)", {}};
  if (!S_ISREG(status.st_mode)) return {"it is not a file", {}};
  if (status.st_size == 0)
    return {"it is not a shared library but an empty file (build it again)",
            {}};
  const Image image(fd.get(), static_cast<std::size_t>(status.st_size));
  if (!image.ok()) return {"its content cannot be read", {}};
  PluginFile file;
  file.problem = header_problem(image);
  if (file.problem.empty()) read_versions(image, file);
  return file;
}

std::string version_problem(const PluginFile& file) {
  constexpr unsigned known = EH_ABI_MAJOR;
  const auto& versions = file.versions;
  if (!file.problem.empty() || file.no_symbols) return {};
  if (std::find(versions.begin(), versions.end(), known) != versions.end())
    return {};
  if (versions.empty())
    return "it is not an eh plugin: it does not export " EH_ABI_ENTRY
           " (does a source file include <eh/eh.hpp>?)";
  return "it is made for ABI version " + std::to_string(versions.front()) +
         ", this eh knows version " + std::to_string(known) +
         " (rebuild the plugin or update eh)";
}

}  // namespace eh::host::child
