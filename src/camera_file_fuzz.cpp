// Any bytes as a camera file beside the shipped ones: errors are good, crashes are bad.
#include "camera_file.h"
#include "core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lichtbild::parse_camera(std::string(reinterpret_cast<const char*>(bytes), size),
                            LICHTBILD_ROOT "/data/cameras/fuzz.camera.toml");
  } catch (const lichtbild::Error&) {
    return 0;
  }
  return 0;
}
