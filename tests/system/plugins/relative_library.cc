extern "C" __attribute__((visibility("default"))) int eh_test_relative() {
  return 42;
}
