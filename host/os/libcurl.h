// libcurl, loaded when it is first needed, and what all transfers have in
// common. Only where EH_HAS_CURL is defined: its headers were found.
#pragma once

#include <curl/curl.h>
#include <sys/socket.h>

#include <cstdlib>

#include "os/shared_library.h"

namespace eh::host {

class Libcurl {
 protected:
  const SharedLibrary library_{{"libcurl.so.4", "libcurl-gnutls.so.4"},
                               "libcurl4"};

 public:
  EH_FROM_LIBRARY(curl_global_init);
  EH_FROM_LIBRARY(curl_easy_init);
  EH_FROM_LIBRARY(curl_easy_setopt);
  EH_FROM_LIBRARY(curl_easy_getinfo);
  EH_FROM_LIBRARY(curl_easy_strerror);
  EH_FROM_LIBRARY(curl_easy_perform);
  EH_FROM_LIBRARY(curl_easy_cleanup);
  EH_FROM_LIBRARY(curl_easy_unescape);
  EH_FROM_LIBRARY(curl_free);
  EH_FROM_LIBRARY(curl_slist_append);
  EH_FROM_LIBRARY(curl_slist_free_all);

  Libcurl() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw FileError("libcurl cannot be used");
  }
};

/// Throws FileError if it is not there.
inline const Libcurl& libcurl() {
  static const Libcurl library;
  return library;
}

/// For CURLOPT_OPENSOCKETFUNCTION: no other process gets the socket.
inline curl_socket_t open_own_socket(void*, curlsocktype,
                                     curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/// Trusts the certificates that the curl command does: `set` is called with
/// the options and their values.
template <class Set>
void trust_as_curl_does(const Set& set) {
  const auto from = [&](const char* variable, CURLoption option) {
    const char* path = std::getenv(variable);
    if (!path || !*path) return false;
    set(option, path);
    return true;
  };
  if (from("CURL_CA_BUNDLE", CURLOPT_CAINFO)) return;
  from("SSL_CERT_DIR", CURLOPT_CAPATH);
  from("SSL_CERT_FILE", CURLOPT_CAINFO);
}

}  // namespace eh::host
