// raw: files become linear frames, and linear frames become DNG files.
//
// A RAW file of any camera that LibRaw opens, with a 2x2 Bayer filter in any order, is read into a
// RawFrame: active area, black and white level applied per channel, sample 0.0 = black, 1.0 =
// white, negative noise kept. DNG's own tags that LibRaw does not hand over (NoiseProfile, opcode
// lists, calibration matrices) are read with libtiff. Dead and hot pixels are found once against
// the noise model and repaired in every frame of the burst, for they belong to the sensor.
// Everything wrong with a file is an Error naming the file, the place and the cure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

// Everything but the pixels; does not decode them.
RawInfo read_info(const std::string& path);

// The frame, linearized. Throws Error: not a RAW file, truncated, X-Trans, Quad-Bayer, Foveon,
// linear DNG, impossible sizes or levels, lying opcode lists.
RawFrame read_raw(const std::string& path);

// The mosaic as a 16-bit DNG 1.4 with the frame's colors, noise model, opcode lists and metadata.
// Samples are stored as black + s * (white - black) over an offset black level of 512 so that
// negative noise survives; signals above 1.25 (merged brackets) are scaled down to fit and
// BaselineExposure makes up for it; up to 1.25 they stay above WhiteLevel.
void write_dng(const RawFrame& frame, const std::string& path);

// The same of a converter's own numbers, stored exactly: as black and white level go info.black (of
// each color) and info.white, which is the same for all. `numbers` covers the active area of
// info.width x info.height. The opcode lists are those of info.lens as bytes (opcodes.h makes
// them).
void write_dng(const Image<std::uint16_t>& numbers, const RawInfo& info, const std::string& path);

// Variance of the frame's own noise, from its flat places: for files without NoiseProfile.
NoiseModel estimate_noise(const RawFrame& frame);

struct Defect {
  int x = 0, y = 0;
};

// Samples that stand out of all their same-colored neighbors by more than the noise and the local
// detail explain.
std::vector<Defect> find_defects(const RawFrame& frame, const NoiseModel& noise);
void repair(Image<float>& mosaic, std::span<const Defect> defects);

}  // namespace lichtbild
