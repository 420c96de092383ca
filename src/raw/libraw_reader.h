// libraw_reader: what LibRaw knows of a RAW file, and its decoded samples.
//
// No LibRaw type, exception or message leaves this file. Throws Error for what LibRaw cannot open,
// for sensors without a 2x2 Bayer filter and for data that ends early.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/raw_frame.h"
#include "raw/linearize.h"

namespace lichtbild {

class LibRawReader {
 public:
  // The bytes must outlive the reader.
  LibRawReader(std::span<const std::byte> bytes, std::string name);
  ~LibRawReader();

  RawInfo info() const;
  Levels levels() const;  // final after decode() only: some cameras' black is measured
  void decode();
  // The sample at (left, top) of the whole sensor and those after it.
  Samples samples(int left, int top) const;
  int left() const;  // of the active area
  int top() const;
  int sensor_width() const;
  int sensor_height() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lichtbild
