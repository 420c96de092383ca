// opcodes: DNG opcode lists (DNG 1.4 specification, chapter 7) become LensCorrections.
//
// Understood: GainMap (for the mosaic's one plane), WarpRectilinear, FixVignetteRadial. Others are
// skipped when the file marks them as optional and are an Error otherwise; so are lengths that lie
// and values that are not finite. Opcode lists are big-endian in every file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/raw_frame.h"

namespace lichtbild {

// Adds what the list says to `lens`. `where` names the file and the list for errors.
void parse_opcodes(std::span<const std::uint8_t> list, const std::string& where,
                   LensCorrections& lens);

}  // namespace lichtbild
