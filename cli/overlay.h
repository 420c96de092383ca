// Overlay: the measured picture, dimmed and brightened for display, with what was found in it.
//
// Places are in pixels of the measured picture; large ones are drawn at half the size.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "cli/measure_verbs.h"
#include "measure/color_checker.h"

namespace lichtbild::cli {

using InkRgb = std::array<double, 3>;  // 0..1
inline constexpr InkRgb ink_red{1, 0.15, 0.1}, ink_green{0.1, 1, 0.2}, ink_blue{0.2, 0.5, 1},
    ink_yellow{1, 0.9, 0.1};

class Overlay {
 public:
  explicit Overlay(const MeasuredPicture& picture);

  void line(double x0, double y0, double x1, double y1, const InkRgb& ink);
  void cross(double x, double y, double arm_px, const InkRgb& ink);
  void write(const std::string& path);  // PNG, whole or not at all; throws Error

 private:
  void dot(double x, double y, const InkRgb& ink);

  int cell_ = 1, width_ = 0, height_ = 0;
  Image<std::uint16_t> rgb_;
};

// What was averaged of each patch; the first, dark skin, in red.
void draw_checker(Overlay& overlay, const FoundChecker& found);

}  // namespace lichtbild::cli
