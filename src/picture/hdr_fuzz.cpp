// Any bytes as a Radiance picture: errors are good, crashes are bad.
#include "core/error.h"
#include "picture/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lichtbild::parse_hdr({reinterpret_cast<const char*>(bytes), size}, "fuzz");
  } catch (const lichtbild::Error&) {
    return 0;
  }
  return 0;
}
