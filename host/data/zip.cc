// The only unit with libzip. Its header is not needed to build the rest.

#include "data/zip.h"

#include "data/items.h"

#ifdef EH_HAS_ZIP
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "os/fd.h"
#include "os/scratch_file.h"
#include "os/shared_library.h"

namespace eh::host {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;
// Of deflate, from 1 to 9. What does not fit into memory would take minutes,
// and shrinks well anyway: texts are padded with zeros.
constexpr int usual_level = 6, fast_level = 1;

class Zip {
  const SharedLibrary library_{{"libzip.so.4", "libzip.so.5"}, "libzip4"};

 public:
  EH_FROM_LIBRARY(zip_source_buffer_create);
  EH_FROM_LIBRARY(zip_source_function);
  EH_FROM_LIBRARY(zip_source_function_create);
  EH_FROM_LIBRARY(zip_source_seek_compute_offset);
  EH_FROM_LIBRARY(zip_source_keep);
  EH_FROM_LIBRARY(zip_source_free);
  EH_FROM_LIBRARY(zip_source_open);
  EH_FROM_LIBRARY(zip_source_read);
  EH_FROM_LIBRARY(zip_source_close);
  EH_FROM_LIBRARY(zip_open_from_source);
  EH_FROM_LIBRARY(zip_close);
  EH_FROM_LIBRARY(zip_discard);
  EH_FROM_LIBRARY(zip_strerror);
  EH_FROM_LIBRARY(zip_file_add);
  EH_FROM_LIBRARY(zip_file_set_dostime);
  EH_FROM_LIBRARY(zip_set_file_compression);
  EH_FROM_LIBRARY(zip_get_num_entries);
  EH_FROM_LIBRARY(zip_get_name);
  EH_FROM_LIBRARY(zip_fopen_index);
  EH_FROM_LIBRARY(zip_fread);
  EH_FROM_LIBRARY(zip_file_strerror);
  EH_FROM_LIBRARY(zip_fclose);
  EH_FROM_LIBRARY(zip_stat_init);
  EH_FROM_LIBRARY(zip_error_init);
  EH_FROM_LIBRARY(zip_error_set);
  EH_FROM_LIBRARY(zip_error_to_data);
  EH_FROM_LIBRARY(zip_error_fini);
  EH_FROM_LIBRARY(zip_error_strerror);
};

const Zip& zip() {
  static const Zip library;
  return library;
}

class ZipError {
 public:
  ZipError() { zip().zip_error_init(&error_); }
  ~ZipError() { zip().zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  zip_error_t* get() { return &error_; }
  void set(int code, int error) { zip().zip_error_set(&error_, code, error); }
  zip_int64_t to_data(void* data, zip_uint64_t size) {
    return zip().zip_error_to_data(&error_, data, size);
  }
  std::string text() { return zip().zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

// ---- Writing.

zip_int64_t tell_size(void* data, zip_uint64_t size) {
  auto& stat = *static_cast<zip_stat_t*>(data);
  zip().zip_stat_init(&stat);
  stat.size = size;
  stat.valid = ZIP_STAT_SIZE;
  return sizeof stat;
}

// What libzip reads a member from.
class MemberSource {
 public:
  explicit MemberSource(ZipMember member) : member_(std::move(member)) {}

  const std::string& name() const { return member_.name; }
  const std::exception_ptr& failure() const { return failure_; }

  static zip_int64_t call(void* self, void* data, zip_uint64_t size,
                          zip_source_cmd_t command) {
    return static_cast<MemberSource*>(self)->answer(data, size, command);
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t size, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_READABLE;
      case ZIP_SOURCE_STAT:
        return tell_size(data, member_.size);
      case ZIP_SOURCE_READ:
        return read(static_cast<char*>(data), size);
      case ZIP_SOURCE_ERROR:
        return error_.to_data(data, size);
      default:
        return 0;
    }
  }

  // No exception may pass through libzip.
  zip_int64_t read(char* to, zip_uint64_t size) {
    zip_uint64_t used = 0;
    try {
      while (used < size) {
        if (part_.empty() && (part_ = member_.next()).empty()) break;
        const auto n = part_.copy(to + used, size - used);
        part_.remove_prefix(n);
        used += n;
      }
    } catch (...) {
      failure_ = std::current_exception();
      error_.set(ZIP_ER_READ, 0);
      return -1;
    }
    return static_cast<zip_int64_t>(used);
  }

  ZipMember member_;
  std::string_view part_;
  std::exception_ptr failure_;
  ZipError error_;
};

// A temporary file that libzip writes an archive to.
class ScratchTarget {
 public:
  int fd() const { return file_.get(); }
  int error() const { return errno_; }

  static zip_int64_t call(void* self, void* data, zip_uint64_t size,
                          zip_source_cmd_t command) {
    return static_cast<ScratchTarget*>(self)->answer(data, size, command);
  }

 private:
  static constexpr zip_int64_t commands() {
    zip_int64_t all = ZIP_SOURCE_SUPPORTS_SEEKABLE;
    for (const auto command :
         {ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE,
          ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE,
          ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE})
      all |= ZIP_SOURCE_MAKE_COMMAND_BITMASK(command);
    return all;
  }

  zip_int64_t answer(void* data, zip_uint64_t size, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return commands();
      case ZIP_SOURCE_STAT:  // of what there is before, which is nothing
        return tell_size(data, 0);
      case ZIP_SOURCE_WRITE:
        return write(static_cast<const char*>(data), size);
      case ZIP_SOURCE_SEEK_WRITE: {
        const auto to = zip().zip_source_seek_compute_offset(
            at_, size_, data, size, error_.get());
        if (to < 0) return -1;
        at_ = static_cast<std::uint64_t>(to);
        return 0;
      }
      case ZIP_SOURCE_TELL:
      case ZIP_SOURCE_TELL_WRITE:
        return static_cast<zip_int64_t>(at_);
      case ZIP_SOURCE_ERROR:
        return error_.to_data(data, size);
      default:
        return 0;
    }
  }

  zip_int64_t write(const char* data, zip_uint64_t size) {
    for (zip_uint64_t done = 0; done < size;) {
      const auto n =
          ::pwrite(fd(), data + done, size - done, static_cast<off_t>(at_));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        errno_ = errno;
        error_.set(ZIP_ER_WRITE, errno);
        return -1;
      }
      done += static_cast<zip_uint64_t>(n);
      at_ += static_cast<std::uint64_t>(n);
    }
    size_ = std::max(size_, at_);
    return static_cast<zip_int64_t>(size);
  }

  child::OwnFd file_{open_scratch_file()};
  std::uint64_t at_ = 0, size_ = 0;
  int errno_ = 0;
  ZipError error_;
};

using Source = std::unique_ptr<zip_source_t, void (*)(zip_source_t*)>;

Source owned(zip_source_t* source, ZipError& error) {
  if (!source) throw DataError("libzip cannot write: " + error.text());
  return {source, zip().zip_source_free};
}

void fill(zip_source_t* target, std::vector<ZipMember> members, int level) {
  const auto& library = zip();
  ZipError error;
  std::vector<std::unique_ptr<MemberSource>> sources;
  auto* archive =
      library.zip_open_from_source(target, ZIP_TRUNCATE, error.get());
  if (!archive) throw DataError("libzip cannot write: " + error.text());
  library.zip_source_keep(target);  // the archive owns the first reference
  const auto fail = [&] {
    const std::string why = library.zip_strerror(archive);
    library.zip_discard(archive);
    for (const auto& source : sources)
      if (source->failure()) std::rethrow_exception(source->failure());
    throw DataError("libzip cannot write: " + why);
  };
  for (auto& member : members) {
    auto& source = *sources.emplace_back(
        std::make_unique<MemberSource>(std::move(member)));
    auto* content =
        library.zip_source_function(archive, MemberSource::call, &source);
    const auto index =
        content ? library.zip_file_add(archive, source.name().c_str(), content,
                                       ZIP_FL_ENC_UTF_8)
                : -1;
    if (index < 0) {
      if (content) library.zip_source_free(content);
      fail();
    }
    // As numpy.savez() has it, so that equal values make equal files.
    constexpr zip_uint16_t january_1980 = 1 << 5 | 1;
    library.zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0,
                                 january_1980, 0);
    library.zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                     ZIP_CM_DEFLATE,
                                     static_cast<zip_uint32_t>(level));
  }
  if (library.zip_close(archive) != 0) fail();
}

void write_through_memory(std::vector<ZipMember> members, Out& out) {
  const auto& library = zip();
  ZipError error;
  const auto source = owned(
      library.zip_source_buffer_create(nullptr, 0, 0, error.get()), error);
  fill(source.get(), std::move(members), usual_level);
  if (library.zip_source_open(source.get()) != 0)
    throw DataError("libzip cannot write");
  std::string chunk(chunk_size, '\0');
  for (;;) {
    const auto n =
        library.zip_source_read(source.get(), chunk.data(), chunk.size());
    if (n < 0) throw DataError("libzip cannot write");
    if (n == 0) break;
    out.write({chunk.data(), static_cast<std::size_t>(n)});
  }
  library.zip_source_close(source.get());
}

void write_through_file(std::vector<ZipMember> members, Out& out) {
  ScratchTarget target;
  ZipError error;
  const auto source = owned(zip().zip_source_function_create(
                                ScratchTarget::call, &target, error.get()),
                            error);
  try {
    fill(source.get(), std::move(members), fast_level);
  } catch (const FileError&) {
    if (target.error() != 0) throw scratch_file_error(target.error());
    throw;
  }
  std::string chunk(chunk_size, '\0');
  for (off_t at = 0;;) {
    const auto n = ::pread(target.fd(), chunk.data(), chunk.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw scratch_file_error(errno);
    if (n == 0) return;
    out.write({chunk.data(), static_cast<std::size_t>(n)});
    at += n;
  }
}

}  // namespace

void require_zip() {
  zip();
}

void write_zip(std::vector<ZipMember> members, ZipRoom room, Out& out) {
  for (const auto& [name, size, next] : members)
    if (name.find('\0') != name.npos)
      throw DataError("a name has a zero byte in it (use .json)");
  // The end of a zip file that has nothing in it; libzip writes none.
  if (members.empty())
    return out.write(std::string("PK\5\6", 4) + std::string(18, '\0'));
  if (room == ZipRoom::memory)
    write_through_memory(std::move(members), out);
  else
    write_through_file(std::move(members), out);
}

// ---- Reading.

ZipArchive::ZipArchive(std::string_view bytes) {
  const auto& library = zip();
  ZipError error;
  auto* source = library.zip_source_buffer_create(bytes.data(), bytes.size(), 0,
                                                  error.get());
  if (!source) throw std::bad_alloc();
  archive_ = library.zip_open_from_source(source, ZIP_RDONLY, error.get());
  if (archive_) return;
  library.zip_source_free(source);
  throw DataError("this is not a whole .npz file of " +
                  std::to_string(bytes.size()) + " bytes: " + error.text());
}

ZipArchive::~ZipArchive() {
  zip().zip_discard(archive_);
}

std::uint64_t ZipArchive::size() const {
  const auto count = zip().zip_get_num_entries(archive_, 0);
  return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

std::string ZipArchive::name(std::uint64_t i) const {
  const char* name = zip().zip_get_name(archive_, i, 0);
  return name ? name : "";
}

std::string ZipArchive::content(std::uint64_t i) const {
  const auto& library = zip();
  auto* file = library.zip_fopen_index(archive_, i, 0);
  if (!file) throw DataError(library.zip_strerror(archive_));
  const std::unique_ptr<zip_file_t, decltype(library.zip_fclose)> owned(
      file, library.zip_fclose);
  std::string bytes;
  std::string chunk(chunk_size, '\0');
  for (;;) {
    const auto n = library.zip_fread(file, chunk.data(), chunk.size());
    if (n < 0) throw DataError(library.zip_file_strerror(file));
    if (n == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace eh::host

#else

namespace eh::host {

void require_zip() {
  throw DataError("this eh was built without libzip (on Debian: libzip-dev)");
}
void write_zip(std::vector<ZipMember>, ZipRoom, Out&) {
  require_zip();
}
ZipArchive::ZipArchive(std::string_view) {
  require_zip();
}
ZipArchive::~ZipArchive() = default;
std::uint64_t ZipArchive::size() const {
  return 0;
}
std::string ZipArchive::name(std::uint64_t) const {
  return {};
}
std::string ZipArchive::content(std::uint64_t) const {
  return {};
}

}  // namespace eh::host

#endif
