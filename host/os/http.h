// POST over HTTPS, for what is told to Slack. libcurl is loaded when a client
// is made, and never linked: no other process of a run pays for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace eh::host {

struct HttpRequest {
  std::string url;            ///< https://...; a secret
  std::string authorization;  ///< value of that header; "": none; a secret
  std::string body;           ///< JSON
  double timeout = 10;        ///< seconds, for all of it
};

struct HttpAnswer {
  int status = 0;     ///< of HTTP; 0: no whole answer
  std::string body;   ///< at most max_http_body bytes
  std::string error;  ///< if there is no answer: why, without secrets
  std::optional<double> retry_after;  ///< seconds
};

/// A longer answer is an error.
inline constexpr std::size_t max_http_body = 64 * 1024;

/// The seam behind which tests put a fake.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// To be called by one thread at a time. Follows no redirects.
  virtual HttpAnswer post(const HttpRequest& request) = 0;
  /// From any thread: ends what post() is doing, and lets it do nothing more.
  virtual void abort() = 0;
};

/// Proxies and certificates are those that the curl command would use. Throws
/// std::runtime_error if there is no libcurl that can be used.
std::unique_ptr<HttpClient> make_http_client();

}  // namespace eh::host
