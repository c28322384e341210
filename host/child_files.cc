#include "child_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>

namespace eh::host::child {
namespace {

constexpr std::size_t chunk_size = 256 * 1024;
// zlib: window of 2^15 bytes; +16 writes, +32 recognises a gzip header.
constexpr int gzip_window = 15 + 16;
constexpr int any_window = 15 + 32;

bool is_compressed(std::string_view path) {
  return path.ends_with(".gz");
}

const char* bad_path(std::string_view path) {
  if (path.empty()) return "the name is empty";
  if (path.find('\0') != path.npos) return "the name has a zero byte in it";
  if (path.back() == '/') return "the name is that of a folder";
  return nullptr;
}

int make_parents(int at, const std::string& path) {
  for (auto end = path.find('/'); end != path.npos;
       end = path.find('/', end + 1)) {
    const auto folder = path.substr(0, end);
    if (::mkdirat(at, folder.c_str(), 0777) != 0 && errno != EEXIST)
      return errno;
  }
  return 0;
}

// Next to `path`, so that a rename suffices; no longer than a name may be.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  const auto slash = path.rfind('/');
  const auto name_at = slash == path.npos ? 0 : slash + 1;
  return path.substr(0, name_at) + "." + path.substr(name_at, 200) +
         ".eh-tmp-" + std::to_string(::getpid()) + "-" +
         std::to_string(count++);
}

// Returns why it failed, or "".
std::string write_compressed(int fd, std::string_view data) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    return reason_text(ENOMEM);
  const std::unique_ptr<z_stream, decltype(&::deflateEnd)> end(&stream,
                                                               ::deflateEnd);
  const auto out = std::make_unique<char[]>(chunk_size);
  do {
    const auto part = data.substr(0, std::size_t{1} << 30);
    data.remove_prefix(part.size());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(out.get());
      stream.avail_out = chunk_size;
      ::deflate(&stream, data.empty() ? Z_FINISH : Z_NO_FLUSH);
      if (const int error =
              write_all(fd, {out.get(), chunk_size - stream.avail_out}))
        return reason_text(error);
    } while (stream.avail_out == 0);
  } while (!data.empty());
  return {};
}

// A gzip file may have several members, one after the other (RFC 1952, 2.2).
std::string decompress(const std::string& data, std::string& plain) {
  z_stream stream{};
  if (::inflateInit2(&stream, any_window) != Z_OK) return reason_text(ENOMEM);
  const std::unique_ptr<z_stream, decltype(&::inflateEnd)> end(&stream,
                                                               ::inflateEnd);
  const auto out = std::make_unique<char[]>(chunk_size);
  std::string_view rest = data;
  int state = Z_OK;
  for (;;) {
    const auto part = rest.substr(0, std::size_t{1} << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.get());
    stream.avail_out = chunk_size;
    state = ::inflate(&stream, Z_NO_FLUSH);
    plain.append(out.get(), chunk_size - stream.avail_out);
    rest.remove_prefix(part.size() - stream.avail_in);
    if (state == Z_STREAM_END) {
      if (rest.empty()) return {};
      ::inflateReset(&stream);
    } else if (state != Z_OK) {
      return "the compressed data is truncated or damaged";
    }
  }
}

}  // namespace

int OwnFd::close() {
  if (fd_ < 0) return 0;
  const int fd = fd_;
  fd_ = -1;
  return ::close(fd) == 0 || errno == EINTR ? 0 : errno;
}

std::string reason_text(int error) {
  const char* text = ::strerrordesc_np(error);
  return text ? text : "error " + std::to_string(error);
}

int write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const auto n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

bool stays_below(const std::string& path) {
  if (path.starts_with('/')) return false;
  for (std::size_t at = 0; at != path.npos;) {
    const auto end = path.find('/', at);
    if (path.compare(at, end == path.npos ? end : end - at, "..") == 0)
      return false;
    at = end == path.npos ? end : end + 1;
  }
  return true;
}

int replace_file(int at, const char* path, const char* temporary,
                 std::string_view data) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  int fd = ::openat(at, temporary, flags, 0666);
  if (fd < 0 && errno == EEXIST && ::unlinkat(at, temporary, 0) == 0)
    fd = ::openat(at, temporary, flags, 0666);
  if (fd < 0) return errno;
  OwnFd file(fd);
  int error = write_all(fd, data);
  if (const int late = file.close(); error == 0) error = late;
  if (error == 0 && ::renameat(at, temporary, at, path) != 0) error = errno;
  if (error != 0) ::unlinkat(at, temporary, 0);
  return error;
}

std::string write_file(int at, std::string_view path_text,
                       std::string_view data) {
  if (const char* why = bad_path(path_text)) return why;
  const std::string path(path_text);
  const auto temporary = temporary_name(path);
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  int fd = ::openat(at, temporary.c_str(), flags, 0666);
  if (fd < 0 && errno == ENOENT && stays_below(path)) {
    if (const int error = make_parents(at, path)) return reason_text(error);
    fd = ::openat(at, temporary.c_str(), flags, 0666);
  }
  if (fd < 0) return reason_text(errno);
  OwnFd file(fd);
  std::string why;
  if (is_compressed(path)) {
    why = write_compressed(fd, data);
  } else if (const int error = write_all(fd, data)) {
    why = reason_text(error);
  }
  if (const int late = file.close(); late != 0 && why.empty())
    why = reason_text(late);
  if (why.empty() && ::renameat(at, temporary.c_str(), at, path.c_str()) != 0)
    why = reason_text(errno);
  if (!why.empty()) ::unlinkat(at, temporary.c_str(), 0);
  return why;
}

int read_rest(int fd, std::string& data) {
  struct stat status;
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
    data.reserve(static_cast<std::size_t>(status.st_size) + 1);
  for (std::size_t size = data.size();;) {
    if (size == data.size())
      data.resize(size < data.capacity() ? data.capacity() : 2 * size + 4096);
    const auto n = ::read(fd, data.data() + size, data.size() - size);
    if (n > 0) size += static_cast<std::size_t>(n);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) continue;
    const int error = n < 0 ? errno : 0;
    data.resize(size);
    return error;
  }
}

Content read_file(int at, std::string_view path_text) {
  using State = Content::State;
  if (const char* why = bad_path(path_text)) return {State::failed, {}, why};
  const std::string path(path_text);
  OwnFd file(::openat(at, path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return {State::missing, {}, {}};
    return {State::failed, {}, reason_text(error)};
  }
  Content content;
  if (const int error = read_rest(file.get(), content.data))
    return {State::failed, {}, reason_text(error)};
  if (!is_compressed(path)) return content;
  std::string plain;
  content.why = decompress(content.data, plain);
  if (!content.why.empty()) content.state = State::failed;
  content.data = std::move(plain);
  return content;
}

}  // namespace eh::host::child
