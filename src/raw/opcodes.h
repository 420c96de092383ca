// opcodes: DNG opcode lists (DNG 1.4 specification, chapter 7) become LensCorrections and
// BadPixels, and corrections become opcode lists.
//
// Understood: GainMap (for the mosaic's one plane), WarpRectilinear, FixVignetteRadial; of
// OpcodeList1, which acts on the stored numbers, FixBadPixelsConstant and FixBadPixelsList. Others
// are skipped when the file marks them as optional and are an Error otherwise; so are lengths that
// lie and values that are not finite. Opcode lists are big-endian in every file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

// Adds what the list says to `lens`. `where` names the file and the list for errors.
void parse_opcodes(std::span<const std::uint8_t> list, const std::string& where,
                   LensCorrections& lens);

// In samples of the stored picture, masked borders included; bottom and right exclusive.
struct BadArea {
  int top = 0, left = 0, bottom = 0, right = 0;
};
struct BadPixels {
  std::optional<std::uint32_t> constant;  // stored numbers of this value are bad
  std::vector<BadArea> areas;             // a single sample is an area of 1 x 1
};

// What OpcodeList1 says.
BadPixels parse_bad_pixels(std::span<const std::uint8_t> list, const std::string& where);

// The bytes of OpcodeList2, for the mosaic's samples, and of OpcodeList3, for the finished picture;
// every opcode is optional, so that a program without it still opens the file. Reading them gives
// the same corrections back, bit by bit. Empty where there is nothing to correct.
std::vector<std::uint8_t> opcode_list_2(std::span<const GainMap> maps);
std::vector<std::uint8_t> opcode_list_3(const std::optional<RadialVignette>& vignette,
                                        const std::optional<RectilinearWarp>& warp);

}  // namespace lichtbild
