// Bytes are read as .npy or .npz, or refused; what was read is written so that
// it reads back as the same. The first byte of an input chooses the format.

#include "data/npy_read.h"
#include "data/npy_write.h"
#include "data/npz.h"
#include "data_check.h"

using namespace eh::host;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const bool is_zip = data[0] == 'z';
  eh::fuzz::check_round_trip(
      eh::fuzz::text_of(data + 1, size - 1), is_zip ? read_npz : read_npy,
      [&](const eh_item* value) {
        MemoryOut out;
        is_zip ? write_npz(value, out) : write_npy(value, out);
        return out.bytes;
      });
  return 0;
}
