// Where the samples of a DNG lie, what color they have and what is black and white among them.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "raw/dng_tags.h"

namespace lichtbild {
namespace {

using tiff::whole;

Cfa read_cfa(const tiff::Reader& file, const tiff::Directory& raw) {
  const auto size = file.numbers(raw, 33421), pattern = file.numbers(raw, 33422);
  const std::string cure = "give a RAW file with a 2x2 Bayer filter";
  if (size.size() != 2 || pattern.size() != size[0] * size[1])
    throw Error(file.name(), "CFAPattern does not fit CFARepeatPatternDim", cure);
  if (size[0] == 4 && size[1] == 4)
    throw Error(file.name(), "is a Quad-Bayer file (4x4 color filters): not supported yet", cure);
  if (size[0] == 6 && size[1] == 6)
    throw Error(file.name(), "is an X-Trans file (6x6 color filters): not supported yet", cure);
  if (size[0] != 2 || size[1] != 2)
    throw Error(file.name(), fmt::format("has {} x {} color filters", size[0], size[1]), cure);
  if (file.number(raw, 50711, 1) != 1)
    throw Error(file.name(), "has its color filters in staggered rows: not supported", cure);

  Cfa cfa;
  for (int i = 0; i < 4; ++i) {
    if (!(pattern[i] >= 0 && pattern[i] <= 2))
      throw Error(file.name(), "has filters other than red, green, blue", cure);
    cfa.colors[i] = CfaColor(int(pattern[i]));
  }
  if (std::ranges::count(cfa.colors, CfaColor::green) != 2 ||
      std::ranges::count(cfa.colors, CfaColor::red) != 1 || cfa.at(0, 0) == cfa.at(1, 0) ||
      cfa.at(0, 0) == cfa.at(0, 1))
    throw Error(file.name(), "has red, green, blue filters, but not in a Bayer order", cure);
  return cfa;
}

void read_areas(const tiff::Reader& file, const tiff::Directory& raw, DngTags& tags) {
  std::vector<double> active = file.numbers(raw, 50829);  // top, left, bottom, right
  const double height = tags.storage.height, width = tags.storage.width;
  if (active.size() != 4) active = {0, 0, height, width};
  if (!(active[0] >= 0 && active[1] >= 0 && active[2] <= height && active[3] <= width &&
        active[2] - active[0] >= 2 && active[3] - active[1] >= 2))
    throw Error(file.name(), "ActiveArea lies outside the picture", "the file is damaged");
  tags.top = int(active[0]), tags.left = int(active[1]);
  tags.info.height = int(active[2]) - tags.top, tags.info.width = int(active[3]) - tags.left;

  tags.info.crop = {0, 0, tags.info.width, tags.info.height};
  const auto origin = file.numbers(raw, 50719), size = file.numbers(raw, 50720);
  if (origin.size() != 2 || size.size() != 2) return;
  // Negated, so that NaN keeps the whole area as well.
  if (!(origin[0] >= 0 && origin[1] >= 0 && size[0] >= 1 && size[1] >= 1 &&
        origin[0] + size[0] <= tags.info.width && origin[1] + size[1] <= tags.info.height))
    return;
  tags.info.crop = {int(origin[0]), int(origin[1]), int(size[0]), int(size[1])};
}

// Strips or tiles: how large one is, and how many bytes it takes without compression.
struct Pieces {
  double width, height;
  int offsets_tag, counts_tag;
};

Pieces read_pieces(const tiff::Reader& file, const tiff::Directory& raw, const DngStorage& s) {
  const bool tiled = raw.contains(322) || raw.contains(324);
  Pieces pieces =
      tiled ? Pieces{file.number(raw, 322, 0), file.number(raw, 323, 0), 324, 325}
            : Pieces{double(s.width), std::min<double>(file.number(raw, 278, s.height), s.height),
                     273, 279};
  if (whole(pieces.width) < 1 || whole(pieces.height) < 1)
    throw Error(file.name(), fmt::format("has {} of size zero or none", tiled ? "tiles" : "strips"),
                "the file is damaged: copy it again");
  return pieces;
}

// A decoder would fill what is missing with gray: so look for it before.
void check_extents(const tiff::Reader& file, const tiff::Directory& raw, DngStorage& s) {
  const Pieces pieces = read_pieces(file, raw, s);
  const auto offsets = file.numbers(raw, pieces.offsets_tag);
  const auto counts = file.numbers(raw, pieces.counts_tag);
  const double across = std::ceil(s.width / pieces.width);
  const double down = std::ceil(s.height / pieces.height);
  if (offsets.size() != across * down || counts.size() != offsets.size())
    throw Error(
        file.name(),
        fmt::format("lists {} strips or tiles where {} are needed", offsets.size(), across * down),
        "the file is damaged: copy it again");

  s.piece_width = int(std::min(pieces.width, 65536.0));
  s.piece_height = int(std::min(pieces.height, 65536.0));
  s.is_contiguous = pieces.offsets_tag == 273;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double rows = pieces.offsets_tag == 324
                            ? pieces.height
                            : std::min(pieces.height, s.height - i * pieces.height);
    const double needed = s.compression == 1 ? std::ceil(pieces.width * s.bits / 8) * rows : 1;
    if (whole(offsets[i]) < 0 || !(counts[i] >= needed) ||
        !(offsets[i] + counts[i] <= double(file.size())))
      throw Error(fmt::format("{}: byte {:.0f}", file.name(), offsets[i]),
                  fmt::format("the picture's samples are cut off: {:.0f} bytes needed, the file "
                              "ends at byte {}",
                              std::max(needed, counts[i]), file.size()),
                  "copy the file again");
    s.offsets.push_back(std::uint64_t(offsets[i]));
    if (i > 0 && offsets[i] != offsets[i - 1] + counts[i - 1]) s.is_contiguous = false;
    if (s.compression == 1 && counts[i] != needed && i + 1 < offsets.size())
      s.is_contiguous = false;
  }
}

}  // namespace

void read_geometry(const tiff::Reader& file, const tiff::Directory& raw, DngTags& tags) {
  const double width = file.number(raw, 256, 0), height = file.number(raw, 257, 0);
  check_size(width, height, file.name());
  DngStorage& s = tags.storage;
  s.width = int(width), s.height = int(height);
  s.bits = int(std::min<std::int64_t>(tiff::whole(file.number(raw, 258, 16)), 99));
  s.compression = int(std::min<std::int64_t>(tiff::whole(file.number(raw, 259, 1)), 65535));
  s.has_linearization_table = raw.contains(50712);
  if (file.number(raw, 277, 1) != 1)
    throw Error(file.name(), "has several samples at a place of its mosaic: not supported",
                "give the RAW file as the camera wrote it");
  if (file.number(raw, 339, 1) != 1 || s.bits < 8 || s.bits > 16)
    throw Error(file.name(),
                fmt::format("has samples of {} bits or floating point: not supported", s.bits),
                "convert it to a 16-bit DNG");
  tags.info.cfa = read_cfa(file, raw);
  read_areas(file, raw, tags);
  check_extents(file, raw, s);
}

void read_levels(const tiff::Reader& file, const tiff::Directory& raw, DngTags& tags) {
  Levels& levels = tags.levels;
  const auto repeat = file.numbers(raw, 50713), black = file.numbers(raw, 50714);
  if (repeat.size() == 2 && repeat[0] >= 1 && repeat[1] >= 1 && repeat[0] <= 64 && repeat[1] <= 64)
    levels.rows = int(repeat[0]), levels.columns = int(repeat[1]);
  if (!black.empty()) levels.black = black;
  if (levels.black.size() != std::size_t(levels.rows) * levels.columns)
    throw Error(file.name(), "BlackLevel does not fit BlackLevelRepeatDim",
                "correct it, for example with exiftool");
  levels.column_delta = file.numbers(raw, 50715);
  levels.row_delta = file.numbers(raw, 50716);
  if (levels.column_delta.size() != std::size_t(tags.info.width)) levels.column_delta.clear();
  if (levels.row_delta.size() != std::size_t(tags.info.height)) levels.row_delta.clear();
  levels.white.fill(file.number(raw, 50717, std::exp2(tags.storage.bits) - 1));
  check_levels(levels, tags.info.cfa, file.name());
  describe_levels(levels, tags.info);
}

}  // namespace lichtbild
