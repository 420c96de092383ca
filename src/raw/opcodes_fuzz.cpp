// Any bytes as a DNG opcode list: errors are good, crashes are bad.
#include "core/error.h"
#include "raw/opcodes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lichtbild::LensCorrections lens;
  try {
    lichtbild::parse_opcodes({bytes, size}, "fuzz", lens);
  } catch (const lichtbild::Error&) {
  }
  try {
    lichtbild::parse_bad_pixels({bytes, size}, "fuzz");
  } catch (const lichtbild::Error&) {
    return 0;
  }
  return 0;
}
