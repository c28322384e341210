// A libcurl that does all it is told to, but knows no hosts' keys; as it ends a
// connection, that is broken.
#include <csignal>
#include <cstdlib>
#include <cstring>

extern "C" {

int curl_global_init(long) {
  return 0;
}
void* curl_easy_init() {
  static char handle;
  return &handle;
}
int curl_easy_setopt(void*, int option, ...) {
  constexpr int known_hosts = 10183, unknown_option = 48;
  return option == known_hosts ? unknown_option : 0;
}
int curl_easy_getinfo(void*, int, ...) {
  return 0;
}
const char* curl_easy_strerror(int) {
  return "";
}
int curl_easy_perform(void*) {
  return 0;
}
void curl_easy_cleanup(void*) {
  std::raise(SIGPIPE);
}
char* curl_easy_unescape(void*, const char* text, int size, int* length) {
  *length = size;
  return ::strdup(text);
}
void curl_free(void* text) {
  std::free(text);
}
void* curl_slist_append(void*, const char*) {
  static char lines;
  return &lines;
}
void curl_slist_free_all(void*) {}

}  // extern "C"
