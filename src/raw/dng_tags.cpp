#include "raw/dng_tags.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "raw/metadata.h"
#include "raw/opcodes.h"

namespace lichtbild {
namespace {

// Every full-size directory of the chain and its SubIFDs; pictures that point at each other end.
std::vector<tiff::Directory> full_size_directories(const tiff::Reader& file) {
  std::vector<tiff::Directory> found;
  std::set<std::uint32_t> seen;
  const auto visit = [&](std::uint32_t offset) {
    tiff::Directory directory = file.directory(offset);
    if (file.number(directory, 254, 0) == 0) found.push_back(std::move(directory));
  };
  for (std::uint32_t at = file.first_directory(); at != 0 && seen.insert(at).second;
       at = file.next(at)) {
    visit(at);
    for (const double child : file.numbers(file.directory(at), 330))
      if (tiff::whole(child) > 0 && seen.insert(std::uint32_t(child)).second)
        visit(std::uint32_t(child));
    if (seen.size() > 64) break;
  }
  return found;
}

std::vector<std::uint8_t> opcode_list(const tiff::Reader& file, const tiff::Directory& raw,
                                      int tag) {
  const auto bytes = file.bytes(raw, std::uint16_t(tag));
  std::vector<std::uint8_t> list(bytes.size());
  std::ranges::transform(bytes, list.begin(), std::to_integer<std::uint8_t>);
  return list;
}

LensCorrections read_lens(const tiff::Reader& file, const tiff::Directory& raw) {
  LensCorrections lens;
  lens.opcode_list_2 = opcode_list(file, raw, 51009);
  lens.opcode_list_3 = opcode_list(file, raw, 51022);
  parse_opcodes(lens.opcode_list_2, file.name() + ": OpcodeList2", lens);
  parse_opcodes(lens.opcode_list_3, file.name() + ": OpcodeList3", lens);
  return lens;
}

// One pair of numbers for all colors, or one for each. A profile that makes no sense is left out:
// the noise can be estimated.
std::optional<NoiseModel> read_noise(const tiff::Reader& file, const tiff::Directory& main,
                                     const tiff::Directory& raw) {
  const auto values = file.numbers(raw.contains(51041) ? raw : main, 51041);
  if (values.size() != 2 && values.size() != 6) return std::nullopt;
  NoiseModel noise;
  for (int color = 0; color < 3; ++color) {
    const std::size_t pair = values.size() == 6 ? 2 * color : 0;
    noise.scale[color] = values[pair];
    noise.offset[color] = values[pair + 1];
    if (!(values[pair] >= 0) || !(values[pair + 1] >= 0) || !std::isfinite(values[pair]) ||
        !std::isfinite(values[pair + 1]) || values[pair] + values[pair + 1] == 0)
      return std::nullopt;
  }
  return noise;
}

double finite_or(double value, double otherwise) {
  return std::isfinite(value) ? value : otherwise;
}

}  // namespace

void check_size(double width, double height, const std::string& where) {
  if (!(width >= 2) || !(height >= 2) || width > 65535 || height > 65535 || width * height > 200e6)
    throw Error(where, fmt::format("claims a picture of {:.0f} x {:.0f} samples", width, height),
                "the file is damaged, or larger than the 200 megapixels supported");
}

tiff::Directory find_raw_directory(const tiff::Reader& file) {
  tiff::Directory best;
  double best_size = -1, best_photometric = 0;
  for (tiff::Directory& directory : full_size_directories(file)) {
    const double photometric = file.number(directory, 262, 0);
    const double size = file.number(directory, 256, 0) * file.number(directory, 257, 0);
    const bool is_mosaic = photometric == 32803;
    if (size > best_size || (is_mosaic && best_photometric != 32803)) {
      if (best_photometric == 32803 && !is_mosaic) continue;
      best = std::move(directory), best_size = size, best_photometric = photometric;
    }
  }
  const std::string cure = "give the RAW file as the camera wrote it";
  if (best_photometric == 34892 && file.number(best, 277, 1) == 1)
    throw Error(file.name(), "is a monochrome DNG, without color filters: not supported yet", cure);
  if (best_photometric == 34892)
    throw Error(file.name(), "is a linear DNG, already interpolated: not supported yet", cure);
  if (best_photometric != 32803)
    throw Error(file.name(), "is a DNG without a mosaic (CFA) picture", cure);
  return best;
}

std::optional<DngTags> read_dng_tags(const tiff::Reader& file) {
  if (!file.is_tiff() || !file.contains(file.first_directory(), 50706)) return std::nullopt;
  const tiff::Directory main = file.directory(file.first_directory());
  const tiff::Directory raw = find_raw_directory(file);
  DngTags tags;
  tags.info.path = file.name();
  read_geometry(file, raw, tags);
  read_levels(file, raw, tags);
  tags.info.color = read_color(file, main);
  tags.info.noise = read_noise(file, main, raw);
  tags.info.baseline_exposure_stops = finite_or(file.number(main, 50730, 0), 0);
  tags.info.lens = read_lens(file, raw);
  tags.bad_pixels = parse_bad_pixels(opcode_list(file, raw, 51008), file.name() + ": OpcodeList1");
  tags.info.metadata = read_metadata(file);
  return tags;
}

}  // namespace lichtbild
