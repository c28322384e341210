/* A library that is deleted after a plugin was linked with it. */
int of_a_missing_library(void) {
  return 0;
}
