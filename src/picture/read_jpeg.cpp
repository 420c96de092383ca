#include <csetjmp>
#include <cstdlib>
#include <memory>

// libjpeg's headers need <cstdio> before them.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "picture/readers.h"

namespace lichtbild {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// libjpeg reports failure by a callback that must not return: it jumps over libjpeg's frames only.
struct Trap {
  jpeg_error_mgr errors{};
  std::jmp_buf exit{};
  char message[JMSG_LENGTH_MAX]{};
};

void leave(j_common_ptr jpeg) {
  Trap& trap = *reinterpret_cast<Trap*>(jpeg->err);
  trap.errors.format_message(jpeg, trap.message);
  std::longjmp(trap.exit, 1);
}

// libjpeg would fill what is missing with gray and go on: no picture to measure.
void leave_if_broken(j_common_ptr jpeg, int level) {
  const int code = jpeg->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) leave(jpeg);
}

template <class Step>
void guarded(jpeg_decompress_struct& jpeg, Trap& trap, const std::string& path, Step step) {
  const auto jumped = [&]() -> bool {
    if (setjmp(trap.exit)) return true;
    step(jpeg);
    return false;
  };
  if (jumped())
    throw Error(path, std::string("is not a sound JPEG: ") + trap.message, "save it again");
}

struct Decoder {
  Decoder() {
    jpeg.err = jpeg_std_error(&trap.errors);
    trap.errors.error_exit = leave;
    trap.errors.emit_message = leave_if_broken;
  }
  ~Decoder() { jpeg_destroy_decompress(&jpeg); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Trap trap;
  jpeg_decompress_struct jpeg{};
};

File opened(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) throw Error(path, "cannot be opened", "check the path");
  return file;
}

void read_header(Decoder& decoder, std::FILE* file, const std::string& path) {
  constexpr int icc_marker = JPEG_APP0 + 2, whole = 0xFFFF;
  guarded(decoder.jpeg, decoder.trap, path, [&](auto& jpeg) {
    jpeg_create_decompress(&jpeg);
    jpeg_stdio_src(&jpeg, file);
    jpeg_save_markers(&jpeg, icc_marker, whole);
    jpeg_read_header(&jpeg, TRUE);
  });
}

void start(Decoder& decoder, std::FILE* file, const std::string& path) {
  read_header(decoder, file, path);
  check_size(path, decoder.jpeg.image_width, decoder.jpeg.image_height);
  if (decoder.jpeg.num_components == 4) throw Error(path, "is a CMYK JPEG", "convert it to RGB");
  guarded(decoder.jpeg, decoder.trap, path, [](auto& jpeg) {
    jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&jpeg);
  });
}

}  // namespace

Image<float> read_jpeg(const std::string& path) {
  const File file = opened(path);
  Decoder decoder;
  start(decoder, file.get(), path);
  auto& jpeg = decoder.jpeg;
  Image<float> image(int(jpeg.output_width), int(jpeg.output_height), jpeg.output_components);
  std::vector<JSAMPLE> samples(std::size_t(jpeg.output_width) * jpeg.output_components);
  guarded(jpeg, decoder.trap, path, [&](auto& j) {
    while (j.output_scanline < j.output_height) {
      JSAMPROW row = samples.data();
      const int y = int(j.output_scanline);
      jpeg_read_scanlines(&j, &row, 1);
      put_row(image, y, row, j.output_components, 1 / 255.0F);
    }
  });
  return image;
}

PictureColors jpeg_colors(const std::string& path) {
  const File file = opened(path);
  Decoder decoder;
  read_header(decoder, file.get(), path);
  PictureColors colors;
  JOCTET* bytes = nullptr;
  unsigned size = 0;
  guarded(decoder.jpeg, decoder.trap, path, [&](auto& jpeg) {
    if (!jpeg_read_icc_profile(&jpeg, &bytes, &size)) size = 0;
  });
  const std::unique_ptr<JOCTET, decltype(&std::free)> owner(bytes, std::free);
  colors.icc_profile.assign(bytes, bytes + size);
  return colors;
}

}  // namespace lichtbild
