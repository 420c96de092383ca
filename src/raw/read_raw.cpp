#include "raw/read_raw.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/error.h"
#include "raw/dng_tags.h"
#include "raw/libraw_reader.h"
#include "raw/linearize.h"
#include "raw/mapped_file.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

bool is_plain(const DngStorage& s) {
  return s.compression == 1 && s.bits == 16 && !s.has_linearization_table;
}

Image<float> linearize_dng(const DngTags& tags, const Samples& samples) {
  return linearize(samples, tags.info.width, tags.info.height, tags.info.cfa, tags.levels);
}

// Plain samples of tiles and scattered strips, row after row. read_geometry() has checked that
// every piece lies in the file; a tile is as wide as it says even over the border.
std::vector<std::byte> gathered(std::span<const std::byte> bytes, const DngStorage& s) {
  std::vector<std::byte> rows(2 * std::size_t(s.width) * s.height);
  const int across = (s.width + s.piece_width - 1) / s.piece_width;
  for (std::size_t piece = 0; piece < s.offsets.size(); ++piece) {
    const int left = int(piece % across) * s.piece_width,
              top = int(piece / across) * s.piece_height;
    const std::size_t width = std::min(s.piece_width, s.width - left);
    for (int y = top; y < std::min(top + s.piece_height, s.height); ++y)
      std::memcpy(rows.data() + 2 * (std::size_t(y) * s.width + left),
                  bytes.data() + s.offsets[piece] + 2 * std::size_t(y - top) * s.piece_width,
                  2 * width);
  }
  return rows;
}

// Samples that need no decoder, linearized from the mapped file itself where they lie in one piece.
Image<float> read_plain(std::span<const std::byte> bytes, const DngTags& tags, bool little_endian) {
  const DngStorage& s = tags.storage;
  std::vector<std::byte> rows;
  if (!s.is_contiguous) rows = gathered(bytes, s);
  const std::byte* first = s.is_contiguous ? bytes.data() + s.offsets[0] : rows.data();
  const std::size_t pitch = 2 * std::size_t(s.width);
  return linearize_dng(
      tags, {first + tags.top * pitch + 2 * std::size_t(tags.left), pitch, !little_endian});
}

Image<float> decode_dng(std::span<const std::byte> bytes, const DngTags& tags) {
  const std::string& name = tags.info.path;
  if (tags.storage.compression == 1 && !tags.storage.is_contiguous)
    throw Error(
        name,
        fmt::format("stores uncompressed samples of {} bits{} in tiles or scattered "
                    "strips: not supported",
                    tags.storage.bits, tags.storage.has_linearization_table ? " with a table" : ""),
        "convert it with a DNG converter");
  LibRawReader reader(bytes, name);
  if (reader.sensor_width() != tags.storage.width || reader.sensor_height() < tags.storage.height)
    throw Error(name, "has several RAW pictures: which one is meant is not clear",
                "convert it with a DNG converter");
  reader.decode();
  return linearize_dng(tags, reader.samples(tags.left, tags.top));
}

// What OpcodeList1 marks as bad, in coordinates of the active area.
std::vector<Defect> listed_defects(const DngTags& tags, const Image<float>& mosaic) {
  std::vector<Defect> defects;
  if (mosaic.width() < 5 || mosaic.height() < 5) return defects;  // no neighbors to repair from
  const BadPixels& bad = tags.bad_pixels;
  const double most = 0.01 * double(mosaic.size());
  const auto add = [&](int x, int y) {
    defects.push_back({x, y});
    if (double(defects.size()) > most)
      throw Error(tags.info.path + ": OpcodeList1", "marks more than 1 % of all samples as bad",
                  "the file is damaged: copy it again");
  };
  for (const BadArea& area : bad.areas) {
    const int left = std::max(area.left - tags.left, 0), top = std::max(area.top - tags.top, 0),
              right = std::min(area.right - tags.left, mosaic.width()),
              bottom = std::min(area.bottom - tags.top, mosaic.height());
    for (int y = top; y < bottom && left < right; ++y)
      for (int x = left; x < right; ++x) add(x, y);
  }
  // Stored numbers are no longer known where a table changed them.
  if (!bad.constant || tags.storage.has_linearization_table) return defects;
  for (int y = 0; y < mosaic.height(); ++y) {
    const double row_delta = tags.levels.row_delta.empty() ? 0 : tags.levels.row_delta[y];
    for (int x = 0; x < mosaic.width(); ++x) {
      const double black = tags.levels.black_at(x, y),
                   white = tags.levels.white[int(tags.info.cfa.at(x, y))];
      const double column_delta =
          tags.levels.column_delta.empty() ? 0 : tags.levels.column_delta[x];
      const double dn = mosaic(x, y) * (white - black) + black + row_delta + column_delta;
      if (std::abs(dn - *bad.constant) < 0.5) add(x, y);
    }
  }
  return defects;
}

// Whole 2x2 quads only: an odd last column or row is left out.
void make_even(RawInfo& info) {
  if (info.width < 2 || info.height < 2)
    throw Error(
        info.path,
        fmt::format("is {} x {} samples: less than one color filter", info.width, info.height),
        "give a picture");
  info.width &= ~1;
  info.height &= ~1;
  info.crop.width = std::min(info.crop.width, info.width - info.crop.x);
  info.crop.height = std::min(info.crop.height, info.height - info.crop.y);
}

RawFrame read_dng(std::span<const std::byte> bytes, const tiff::Reader& file, DngTags tags,
                  Decoder decoder) {
  make_even(tags.info);
  const bool direct = decoder == Decoder::automatic && is_plain(tags.storage);
  RawFrame frame;
  frame.mosaic =
      direct ? read_plain(bytes, tags, file.is_little_endian()) : decode_dng(bytes, tags);
  repair(frame.mosaic, listed_defects(tags, frame.mosaic));
  frame.info = std::move(tags.info);
  frame.info.clip = find_clip(frame, tags.levels);
  return frame;
}

RawFrame read_other(std::span<const std::byte> bytes, const std::string& name) {
  LibRawReader reader(bytes, name);
  reader.decode();
  RawFrame frame{reader.info(), {}};
  const Levels levels = reader.levels();
  RawInfo& info = frame.info;
  make_even(info);
  check_levels(levels, info.cfa, name);
  if (reader.left() + info.width > reader.sensor_width() ||
      reader.top() + info.height > reader.sensor_height())
    throw Error(name, "has an active area outside its sensor", "the file is damaged");
  frame.mosaic = linearize(reader.samples(reader.left(), reader.top()), info.width, info.height,
                           info.cfa, levels);
  info.clip = find_clip(frame, levels);
  return frame;
}

}  // namespace

RawInfo read_info(std::span<const std::byte> bytes, const std::string& name) {
  auto tags = read_dng_tags(tiff::Reader(bytes, name));
  RawInfo info = tags ? std::move(tags->info) : LibRawReader(bytes, name).info();
  make_even(info);
  return info;
}

RawFrame read_raw(std::span<const std::byte> bytes, const std::string& name, Decoder decoder) {
  const tiff::Reader file(bytes, name);
  if (auto tags = read_dng_tags(file)) return read_dng(bytes, file, std::move(*tags), decoder);
  return read_other(bytes, name);
}

RawInfo read_info(const std::string& path) { return read_info(MappedFile(path).bytes(), path); }

RawFrame read_raw(const std::string& path) {
  const MappedFile file(path);
  return read_raw(file.bytes(), path);
}

}  // namespace lichtbild
