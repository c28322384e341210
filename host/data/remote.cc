#include "data/remote.h"

#include "contract/child.h"
#include "data/address.h"
#include "data/items.h"

// Defined where the headers of libcurl were found.
#ifdef EH_HAS_CURL
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "os/host_name.h"
#include "os/libcurl.h"

namespace eh::host {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

struct User {
  std::string name;
  std::string home;
};

// Asked for once: what getpwuid() returns is the whole process's.
const User& user() {
  static const User found = [] {
    User user;
    if (const auto* entry = ::getpwuid(::getuid()))
      user = {entry->pw_name, entry->pw_dir};
    if (const auto home = environment("HOME"); !home.empty()) user.home = home;
    return user;
  }();
  return found;
}

// While it is there, writing to a connection that the other side has closed is
// an error for this thread, and not the end of the process.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipe() {
    constexpr timespec at_once{};
    if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

// Their names in the headers of newer versions are others, which older
// libraries do not know.
constexpr auto protocols = static_cast<CURLoption>(CURLOPTTYPE_LONG + 181);
constexpr auto redirected = static_cast<CURLoption>(CURLOPTTYPE_LONG + 182);

std::size_t take(char* data, std::size_t, std::size_t size, void* to) {
  try {
    static_cast<std::string*>(to)->append(data, size);
  } catch (const std::exception&) {
    return 0;  // ends the transfer
  }
  return size;
}

std::size_t give(char* to, std::size_t, std::size_t size, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const auto part = rest.substr(0, size);
  std::memcpy(to, part.data(), part.size());
  rest.remove_prefix(part.size());
  return part.size();
}

struct CleanUp {
  // It tells the other side.
  void operator()(CURL* handle) const {
    const NoBrokenPipe no_broken_pipe;
    libcurl().curl_easy_cleanup(handle);
  }
  void operator()(curl_slist* lines) const {
    libcurl().curl_slist_free_all(lines);
  }
};
using Handle = std::unique_ptr<CURL, CleanUp>;
using Lines = std::unique_ptr<curl_slist, CleanUp>;

class Transfer {
 public:
  explicit Transfer(const Address& address)
      : address_(address), handle_(curl_.curl_easy_init()) {
    if (!handle_) throw std::bad_alloc();
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "eh");
    set(protocols, address.scheme == "sftp" ? long{CURLPROTO_SFTP}
                                            : long{CURLPROTO_HTTPS});
    set(CURLOPT_OPENSOCKETFUNCTION, &open_own_socket);
    set(CURLOPT_ERRORBUFFER, error_);
    limit_time();
    address.scheme == "sftp" ? identify() : trust();
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURLcode get(std::string& content) {
    set(CURLOPT_URL, url(address_.path).c_str());
    set(CURLOPT_WRITEFUNCTION, &take);
    set(CURLOPT_WRITEDATA, &content);
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(redirected, long{CURLPROTO_HTTPS});
    set(CURLOPT_MAXREDIRS, 10L);
    return perform();
  }

  // Sends a file, which is then renamed.
  CURLcode put(std::string_view content, const std::string& temporary) {
    set(CURLOPT_URL, url(temporary).c_str());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_FTP_CREATE_MISSING_DIRS, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(content.size()));
    set(CURLOPT_READFUNCTION, &give);
    set(CURLOPT_READDATA, &content);
    return perform(CURLOPT_POSTQUOTE, renaming(temporary));
  }
  CURLcode rename(const std::string& from) { return command(renaming(from)); }
  CURLcode remove(const std::string& path) {
    return command("rm " + quoted(path));
  }

  long status() const {
    long status = 0;
    curl_.curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  std::string why(CURLcode code) const {
    switch (code) {
      case CURLE_PEER_FAILED_VERIFICATION:
        if (address_.scheme == "sftp")
          return "the host's key is not the one that " + known_hosts() +
                 " has for it, or is not in there (ssh-keyscan shows it)";
        break;
      case CURLE_LOGIN_DENIED:
        return "the host lets no one in with the keys that are here (ssh-add"
               " adds one to ssh-agent, EH_SFTP_KEY names one)";
      case CURLE_UNSUPPORTED_PROTOCOL:
        if (status() >= 300)
          return "it is redirected to what is not https://" + detail();
        return lacking();
      case CURLE_OPERATION_TIMEDOUT:
        return "it did not go on in time" + detail();
      default:
        break;
    }
    return curl_.curl_easy_strerror(code) + detail();
  }

 private:
  // What it would not do could be what keeps others out.
  template <class T>
  void set(CURLoption option, T value) {
    const auto code = curl_.curl_easy_setopt(handle_.get(), option, value);
    if (code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN)
      throw DataError(lacking());
    if (code != CURLE_OK) throw DataError(curl_.curl_easy_strerror(code));
  }

  std::string lacking() const {
    return "this libcurl knows no " + address_.scheme +
           ":// as it is needed (on Debian: apt-get install libcurl4)";
  }

  std::string detail() const {
    return *error_ ? std::string(" (") + error_ + ')' : "";
  }

  std::string url(const std::string& path) const {
    return address_.scheme + "://" + address_.authority + path;
  }

  CURLcode perform() {
    const NoBrokenPipe no_broken_pipe;
    return curl_.curl_easy_perform(handle_.get());
  }
  CURLcode perform(CURLoption when, const std::string& line) {
    const Lines lines(curl_.curl_slist_append(nullptr, line.c_str()));
    if (!lines) throw std::bad_alloc();
    set(when, lines.get());
    const auto code = perform();
    set(when, static_cast<curl_slist*>(nullptr));
    return code;
  }
  CURLcode command(const std::string& line) {
    set(CURLOPT_URL, url("/").c_str());
    set(CURLOPT_UPLOAD, 0L);
    set(CURLOPT_NOBODY, 1L);
    return perform(CURLOPT_QUOTE, line);
  }
  std::string renaming(const std::string& from) const {
    return "rename " + quoted(from) + ' ' + quoted(address_.path);
  }

  // A path for the server: not escaped, and relative to the user's home after
  // "/~/".
  std::string quoted(const std::string& path) const {
    int size = 0;
    char* plain = curl_.curl_easy_unescape(
        handle_.get(), path.c_str(), static_cast<int>(path.size()), &size);
    if (!plain) throw std::bad_alloc();
    std::string_view text(plain, static_cast<std::size_t>(size));
    if (text.starts_with("/~/")) text.remove_prefix(3);
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    curl_.curl_free(plain);
    return out + '"';
  }

  void limit_time() {
    const auto text = environment("EH_REMOTE_TIMEOUT");
    const long given = std::strtol(text.c_str(), nullptr, 10);
    const long seconds = given > 0 ? given : 30;
    set(CURLOPT_CONNECTTIMEOUT, seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, seconds);
  }

  static std::string known_hosts() {
    const auto file = environment("EH_SFTP_KNOWN_HOSTS");
    return file.empty() ? user().home + "/.ssh/known_hosts" : file;
  }

  void identify() {
    set(CURLOPT_SSH_KNOWNHOSTS, known_hosts().c_str());
    set(CURLOPT_SSH_AUTH_TYPES,
        long{CURLSSH_AUTH_PUBLICKEY | CURLSSH_AUTH_AGENT});
    auto key = environment("EH_SFTP_KEY");
    for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"})
      if (const auto file = user().home + "/.ssh/" + name;
          key.empty() && ::access(file.c_str(), R_OK) == 0)
        key = file;
    if (!key.empty()) set(CURLOPT_SSH_PRIVATE_KEYFILE, key.c_str());
    if (address_.authority.find('@') != std::string::npos) return;
    if (!user().name.empty()) set(CURLOPT_USERNAME, user().name.c_str());
  }

  void trust() {
    set(CURLOPT_FAILONERROR, 1L);
    trust_as_curl_does(
        [this](CURLoption option, const char* path) { set(option, path); });
  }

  const Libcurl& curl_ = libcurl();
  const Address address_;
  Handle handle_;
  char error_[CURL_ERROR_SIZE] = "";
};

// Beside the file, so that a rename suffices.
std::string remote_temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  const auto name_at = path.rfind('/') + 1;
  return path.substr(0, name_at) + "." + path.substr(name_at, 150) +
         contract::temporary_mark + host_name().substr(0, 63) + '-' +
         std::to_string(::getpid()) + '-' + std::to_string(count++);
}

}  // namespace

void upload(std::string_view text, std::string_view content) {
  const auto address = parse_address(text);
  if (address.scheme != "sftp")
    throw DataError("nothing is written to " + address.scheme +
                    ":// (use sftp://)");
  const auto temporary = remote_temporary_name(address.path);
  Transfer transfer(address);
  auto code = transfer.put(content, temporary);
  // Most servers rename over no file that is there.
  bool is_old_there = true;
  if (code == CURLE_QUOTE_ERROR) {
    code = transfer.remove(address.path);
    is_old_there = code != CURLE_OK;
    if (!is_old_there) code = transfer.rename(temporary);
  }
  if (code == CURLE_OK) return;
  const auto why = transfer.why(code);
  if (!is_old_there)
    throw DataError(why + "; the new file is there as '" + temporary + "'");
  // What is left there, as far as the host can still be reached.
  if (code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_LOGIN_DENIED &&
      code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST &&
      code != CURLE_OPERATION_TIMEDOUT)
    transfer.remove(temporary);
  throw DataError(why);
}

bool download(std::string_view text, std::string& content) {
  const auto address = parse_address(text);
  if (address.scheme != "sftp" && address.scheme != "https")
    throw DataError("nothing is read from " + address.scheme +
                    ":// (use sftp:// or https://)");
  Transfer transfer(address);
  const auto code = transfer.get(content);
  if (code == CURLE_OK) return true;
  if (code == CURLE_REMOTE_FILE_NOT_FOUND) return false;
  if (code == CURLE_HTTP_RETURNED_ERROR &&
      (transfer.status() == 404 || transfer.status() == 410))
    return false;
  throw DataError(transfer.why(code));
}

}  // namespace eh::host

#else

namespace eh::host {

static constexpr char lacking[] =
    "this eh was built without libcurl (on Debian: libcurl4-openssl-dev)";

void upload(std::string_view, std::string_view) {
  throw DataError(lacking);
}
bool download(std::string_view, std::string&) {
  throw DataError(lacking);
}

}  // namespace eh::host

#endif
