#include "raw/read_raw.h"

#include <algorithm>

#include "core/error.h"
#include "raw/dng_tags.h"
#include "raw/libraw_reader.h"
#include "raw/linearize.h"
#include "raw/mapped_file.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

bool lies_ready(const DngStorage& s) {
  return s.compression == 1 && s.bits == 16 && s.is_contiguous && !s.has_linearization_table;
}

Image<float> linearize_dng(const DngTags& tags, const Samples& samples) {
  return linearize(samples, tags.info.width, tags.info.height, tags.info.cfa, tags.levels);
}

// The samples of the active area in the mapped file itself.
Samples samples_in_file(std::span<const std::byte> bytes, const DngTags& tags, bool little_endian) {
  const std::size_t pitch = 2 * std::size_t(tags.storage.width);
  return {bytes.data() + tags.storage.offset + tags.top * pitch + 2 * std::size_t(tags.left), pitch,
          !little_endian};
}

Image<float> decode_dng(std::span<const std::byte> bytes, const DngTags& tags) {
  const std::string& name = tags.info.path;
  if (tags.storage.compression == 1 && !tags.storage.is_contiguous)
    throw Error(name, "stores uncompressed samples in tiles or scattered strips: not supported",
                "convert it with a DNG converter");
  LibRawReader reader(bytes, name);
  if (reader.sensor_width() != tags.storage.width || reader.sensor_height() < tags.storage.height)
    throw Error(name, "has several RAW pictures: which one is meant is not clear",
                "convert it with a DNG converter");
  reader.decode();
  return linearize_dng(tags, reader.samples(tags.left, tags.top));
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
  const bool direct = decoder == Decoder::automatic && lies_ready(tags.storage);
  RawFrame frame;
  frame.mosaic = direct ? linearize_dng(tags, samples_in_file(bytes, tags, file.is_little_endian()))
                        : decode_dng(bytes, tags);
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
