// read_raw for bytes in memory: the way of raw.h's read_raw and read_info behind the file.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/raw_frame.h"

namespace lichtbild {

enum class Decoder {
  automatic,  // uncompressed 16-bit DNGs are linearized where they lie, others go through LibRaw
  libraw
};

RawInfo read_info(std::span<const std::byte> bytes, const std::string& name);
RawFrame read_raw(std::span<const std::byte> bytes, const std::string& name,
                  Decoder decoder = Decoder::automatic);

}  // namespace lichtbild
