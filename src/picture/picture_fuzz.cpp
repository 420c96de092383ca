// Any bytes as an image file of any kind, up to its light: errors are good, crashes are bad.
//
// The readers take paths: the bytes lie in a file of this process, in memory.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.h"
#include "picture/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const int file = memfd_create("picture_fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, bytes, size, 0) != ssize_t(size))
    std::abort();
  try {
    const lichtbild::PictureColors colors = lichtbild::picture_colors(path);
    const lichtbild::Image<float> samples = lichtbild::read_image(path);
    lichtbild::light_of(samples, colors, path);
  } catch (const lichtbild::Error&) {
    return 0;
  }
  return 0;
}
