#include "photo/jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <new>
#include <span>

// libjpeg's headers need <cstdio> before them.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "core/error.h"
#include "photo/strips.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

// What libjpeg's C code calls back into. It leaves a failure by longjmp, over its own frames only:
// no C++ object with a destructor lives between the setjmp in compress() and the callbacks.
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

struct Sink {
  jpeg_destination_mgr manager{};
  Bytes bytes;
};

bool grow(Bytes& bytes) {
  try {
    bytes.resize(bytes.empty() ? 1 << 17 : 2 * bytes.size());
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

boolean make_room(j_compress_ptr jpeg) {
  Sink& sink = *reinterpret_cast<Sink*>(jpeg->dest);
  const std::size_t used = sink.bytes.size();
  if (!grow(sink.bytes)) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  sink.manager.next_output_byte = sink.bytes.data() + used;
  sink.manager.free_in_buffer = sink.bytes.size() - used;
  return TRUE;
}

void open_sink(j_compress_ptr jpeg) { make_room(jpeg); }

void close_sink(j_compress_ptr jpeg) {
  Sink& sink = *reinterpret_cast<Sink*>(jpeg->dest);
  sink.bytes.resize(sink.bytes.size() - sink.manager.free_in_buffer);
}

struct Strip {
  const Image<std::uint8_t>& rgb;
  int first_row, rows;
  const PhotoParams& params;
  std::span<const std::uint8_t> icc,
      exif_segment;  // the first strip only: its header becomes the file's
};

void configure(jpeg_compress_struct& jpeg, const Strip& strip) {
  jpeg.image_width = strip.rgb.width() / 3;
  jpeg.image_height = strip.rows;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, strip.params.jpeg_quality, TRUE);
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.restart_in_rows = 1;
  jpeg.density_unit = 1;  // dots per inch, the number that EXIF says too
  jpeg.X_density = jpeg.Y_density = 72;
  const int chroma = strip.params.full_chroma ? 1 : 2;
  jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = chroma;
}

// Fed one batch of rows after the other; libjpeg does not write to them, its signature only forgets
// to say so.
void feed_rows(jpeg_compress_struct& jpeg, const Strip& strip) {
  constexpr int batch = 16;
  JSAMPROW rows[batch];
  while (jpeg.next_scanline < jpeg.image_height) {
    const int count = std::min<int>(batch, jpeg.image_height - jpeg.next_scanline);
    for (int i = 0; i < count; ++i)
      rows[i] = const_cast<JSAMPROW>(strip.rgb.row(strip.first_row + jpeg.next_scanline + i));
    jpeg_write_scanlines(&jpeg, rows, count);
  }
}

bool compress(jpeg_compress_struct& jpeg, Trap& trap, Sink& sink, const Strip& strip) {
  if (setjmp(trap.exit)) return false;
  jpeg_create_compress(&jpeg);
  jpeg.dest = &sink.manager;
  configure(jpeg, strip);
  jpeg_start_compress(&jpeg, TRUE);
  const auto& exif = strip.exif_segment;
  if (!exif.empty()) jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif.data(), exif.size());
  if (!strip.icc.empty()) jpeg_write_icc_profile(&jpeg, strip.icc.data(), strip.icc.size());
  feed_rows(jpeg, strip);
  jpeg_finish_compress(&jpeg);
  return true;
}

// A whole JPEG file of the strip alone.
Bytes strip_bytes(const Strip& strip, const std::string& where) {
  Trap trap;
  jpeg_compress_struct jpeg{};
  jpeg.err = jpeg_std_error(&trap.errors);
  trap.errors.error_exit = leave;
  trap.errors.output_message = [](j_common_ptr) {};
  Sink sink{{nullptr, 0, open_sink, make_room, close_sink}, {}};
  const bool done = compress(jpeg, trap, sink, strip);
  jpeg_destroy_compress(&jpeg);
  if (!done) throw Error(where, std::string("cannot be encoded as JPEG: ") + trap.message);
  return std::move(sink.bytes);
}

// Where a file of ours has its frame header (SOF0) and the first byte of its scan.
struct Layout {
  std::size_t frame = 0, scan = 0;
};

Layout layout(const Bytes& jpeg) {
  constexpr int sof0 = 0xC0, sos = 0xDA;
  Layout found;
  for (std::size_t at = 2; found.scan == 0;) {
    const std::size_t next = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    if (jpeg[at + 1] == sof0) found.frame = at;
    if (jpeg[at + 1] == sos) found.scan = next;
    at = next;
  }
  return found;
}

// One file from the strips': the first one's header with the height of all, the scans joined by
// RST7, one end.
Bytes joined(const std::vector<Bytes>& strips, int height) {
  const Layout first = layout(strips[0]);
  Bytes file(strips[0].begin(), strips[0].begin() + first.scan);
  file[first.frame + 5] = height >> 8;
  file[first.frame + 6] = height & 255;
  for (const Bytes& strip : strips) {
    if (&strip != &strips[0]) file.insert(file.end(), {0xFF, 0xD7});
    file.insert(file.end(), strip.begin() + layout(strip).scan, strip.end() - 2);
  }
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
}

Bytes exif_segment(const Bytes& exif) {
  if (exif.empty()) return {};
  Bytes segment{'E', 'x', 'i', 'f', 0, 0};
  segment.insert(segment.end(), exif.begin(), exif.end());
  return segment;
}

}  // namespace

Bytes jpeg_bytes(const Image<std::uint8_t>& rgb, const Bytes& icc, const Bytes& exif,
                 const PhotoParams& params, const std::string& where) {
  if (rgb.height() > JPEG_MAX_DIMENSION)
    throw Error(where, "a JPEG is at most 65500 pixels high", "write a PNG or a TIFF");
  const int strip_rows = 8 * (params.full_chroma ? 8 : 16);
  const Bytes segment = exif_segment(exif);
  std::vector<Bytes> strips((rgb.height() + strip_rows - 1) / strip_rows);
  for_each_strip(int(strips.size()), [&](int i) {
    const int first = i * strip_rows;
    Strip strip{rgb, first, std::min(strip_rows, rgb.height() - first), params, {}, {}};
    if (i == 0) strip.icc = icc, strip.exif_segment = segment;
    strips[i] = strip_bytes(strip, where);
  });
  return joined(strips, rgb.height());
}

}  // namespace lichtbild
