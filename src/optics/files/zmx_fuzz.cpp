// Any bytes as a .zmx file: errors are good, crashes are bad; what is read can be written.
#include "core/error.h"
#include "optics/files/lens_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace optics = lichtbild::optics;
  try {
    const optics::Lens lens =
        optics::parse_zmx({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    // A lens that was read is written and read again.
    optics::parse_lens_toml(optics::lens_toml_from(lens), "again");
    optics::parse_zmx(optics::zmx_from(lens), "again");
  } catch (const lichtbild::Error&) {
    return 0;
  }
  return 0;
}
