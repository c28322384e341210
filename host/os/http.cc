#include "os/http.h"

// Defined where the headers of libcurl were found.
#ifdef EH_HAS_CURL
#include <atomic>
#include <charconv>
#include <string_view>

#include "os/libcurl.h"

namespace eh::host {
namespace {

// With what versions before 7.68 lack in part.
struct MultiCurl : Libcurl {
  EH_FROM_LIBRARY(curl_multi_init);
  EH_FROM_LIBRARY(curl_multi_add_handle);
  EH_FROM_LIBRARY(curl_multi_remove_handle);
  EH_FROM_LIBRARY(curl_multi_perform);
  EH_FROM_LIBRARY(curl_multi_info_read);
  EH_FROM_LIBRARY(curl_multi_poll);
  EH_FROM_LIBRARY(curl_multi_wakeup);
  EH_FROM_LIBRARY(curl_multi_cleanup);
};

// Not in the headers of older versions, which ignore it: cleaning up does not
// wait for a name server that does not answer.
constexpr auto quick_exit = static_cast<CURLoption>(CURLOPTTYPE_LONG + 322);

std::size_t take_body(char* data, std::size_t, std::size_t size, void* to) {
  auto& body = static_cast<HttpAnswer*>(to)->body;
  if (size > max_http_body - body.size()) return 0;  // ends the transfer
  body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* to) {
  constexpr std::string_view name = "retry-after:";
  std::string_view line(data, size);
  if (line.size() <= name.size()) return size;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (name[i] != (line[i] | (line[i] >= 'A' && line[i] <= 'Z' ? 0x20 : 0)))
      return size;
  line.remove_prefix(name.size());
  while (line.starts_with(' ')) line.remove_prefix(1);
  unsigned seconds = 0;
  if (std::from_chars(line.data(), line.data() + line.size(), seconds).ec ==
      std::errc{})
    static_cast<HttpAnswer*>(to)->retry_after = seconds;
  return size;
}

// One request of its own; connections stay with the multi handle.
class Transfer {
 public:
  Transfer(const Libcurl& curl, const HttpRequest& request)
      : curl_(curl), request_(request), handle_(curl.curl_easy_init()) {
    if (!handle_) throw std::bad_alloc();
    add_header("Content-Type: application/json; charset=utf-8");
    add_header("Expect:");  // no asking whether a body may come
    if (!request.authorization.empty())
      add_header("Authorization: " + request.authorization);
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
    set(CURLOPT_USERAGENT, "eh");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout * 1000) + 1);
    set(quick_exit, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_own_socket);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, &answer_);
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, &answer_);
    set(CURLOPT_ERRORBUFFER, error_);
    trust_as_curl_does(
        [this](CURLoption option, const char* path) { set(option, path); });
  }
  ~Transfer() {
    curl_.curl_easy_cleanup(handle_);
    curl_.curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_; }

  HttpAnswer answer(CURLcode code) {
    if (code == CURLE_OK) {
      long status = 0;
      curl_.curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
      answer_.status = static_cast<int>(status);
      return std::move(answer_);
    }
    return {0, "", error_text(code), {}};
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_.curl_easy_setopt(handle_, option, value);
  }

  void add_header(const std::string& line) {
    auto* longer = curl_.curl_slist_append(headers_, line.c_str());
    if (!longer) throw std::bad_alloc();
    headers_ = longer;
  }

  // What curl says may name the host, but nothing else of an address.
  std::string error_text(CURLcode code) const {
    if (code == CURLE_WRITE_ERROR) return "its answer is too long";
    const std::string detail = error_;
    const auto path = request_.url.find('/', std::string("https://").size());
    const bool tells =
        (path != std::string::npos && request_.url.size() > path + 1 &&
         detail.find(request_.url.substr(path)) != std::string::npos) ||
        (!request_.authorization.empty() &&
         detail.find(request_.authorization) != std::string::npos);
    return detail.empty() || tells ? curl_.curl_easy_strerror(code) : detail;
  }

  const Libcurl& curl_;
  const HttpRequest& request_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  HttpAnswer answer_;
  char error_[CURL_ERROR_SIZE] = "";
};

class CurlClient : public HttpClient {
 public:
  CurlClient() : multi_(curl_.curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
  }
  ~CurlClient() override { curl_.curl_multi_cleanup(multi_); }

  HttpAnswer post(const HttpRequest& request) override {
    if (!request.url.starts_with("https://"))
      return {0, "", "its address does not begin with https://", {}};
    Transfer transfer(curl_, request);
    curl_.curl_multi_add_handle(multi_, transfer.handle());
    const auto code = run();
    curl_.curl_multi_remove_handle(multi_, transfer.handle());
    if (aborted_) return {0, "", "it did not answer in time", {}};
    return transfer.answer(code);
  }

  void abort() override {
    aborted_ = true;
    curl_.curl_multi_wakeup(multi_);
  }

 private:
  // Until the only transfer has ended.
  CURLcode run() {
    while (!aborted_) {
      int left = 0;
      if (curl_.curl_multi_perform(multi_, &left) != CURLM_OK) break;
      while (const auto* message = curl_.curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) return message->data.result;
      if (curl_.curl_multi_poll(multi_, nullptr, 0, 1000, nullptr) != CURLM_OK)
        break;
    }
    return CURLE_ABORTED_BY_CALLBACK;
  }

  const MultiCurl curl_;
  CURLM* multi_;
  std::atomic<bool> aborted_ = false;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client() {
  return std::make_unique<CurlClient>();
}

}  // namespace eh::host

#else

#include <stdexcept>

namespace eh::host {

std::unique_ptr<HttpClient> make_http_client() {
  throw std::runtime_error(
      "this program was built without the headers of libcurl (install them, on"
      " Debian libcurl4-openssl-dev, and build eh again)");
}

}  // namespace eh::host

#endif  // EH_HAS_CURL
