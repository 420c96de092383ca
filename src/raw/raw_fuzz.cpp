// Any bytes as a RAW file: errors are good, crashes are bad.
#include "core/error.h"
#include "raw/read_raw.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lichtbild;
  const std::span file = std::as_bytes(std::span(bytes, size));
  for (const Decoder decoder : {Decoder::automatic, Decoder::libraw}) {
    try {
      read_info(file, "fuzz");
      read_raw(file, "fuzz", decoder);
    } catch (const Error&) {
      continue;
    }
  }
  return 0;
}
