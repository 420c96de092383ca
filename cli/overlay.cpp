#include "cli/overlay.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "photo/photo.h"

namespace lichtbild::cli {
namespace {

// Mean of a channel over a cell; mosaics are scaled so that their means agree.
Image<float> cells_of(const MeasuredPicture& picture, int cell) {
  const Image<float>& light = picture.light;
  Image<float> out(light.width() / cell, light.height() / cell, 3);
  for (int c = 0; c < 3; ++c) {
    const Channel& channel =
        picture.channels[std::min<std::size_t>(c, picture.channels.size() - 1)];
    for (int y = 0; y < out.height(); ++y)
      for (int x = 0; x < out.width(); ++x) {
        double sum = 0;
        int count = 0;
        for (const auto& [phase_x, phase_y] : channel.phases)
          for (int j = phase_y; j < cell; j += channel.step)
            for (int i = phase_x; i < cell; i += channel.step)
              sum += light(x * cell + i, y * cell + j, channel.plane), ++count;
        out(x, y, c) = float(sum / std::max(count, 1));
      }
  }
  return out;
}

// The scale that brings nearly all of a plane below 1.
double brightest(const Image<float>& picture, int plane) {
  std::vector<float> sorted(
      picture.row(0, plane),
      picture.row(0, plane) + std::size_t(picture.width()) * picture.height());
  const auto place = sorted.begin() + long(double(sorted.size() - 1) * 0.995);
  std::nth_element(sorted.begin(), place, sorted.end());
  return std::max(double(*place), 1e-9);
}

}  // namespace

Overlay::Overlay(const MeasuredPicture& picture) {
  const bool large = picture.light.width() + picture.light.height() > 3000;
  cell_ = picture.is_raw || large ? 2 : 1;
  const Image<float> cells = cells_of(picture, cell_);
  width_ = cells.width(), height_ = cells.height();
  rgb_ = Image<std::uint16_t>(3 * width_, height_);
  const double whole = std::max({brightest(cells, 0), brightest(cells, 1), brightest(cells, 2)});
  for (int c = 0; c < 3; ++c) {
    const double white = picture.is_raw ? brightest(cells, c) : whole;
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) {
        const double v = std::clamp(cells(x, y, c) / white, 0.0, 1.0);
        rgb_(3 * x + c, y) = std::uint16_t(std::lround(65535 * std::pow(v, 1 / 2.2)));
      }
  }
}

void Overlay::dot(double x, double y, const InkRgb& ink) {
  const int i = int(std::lround((x + 0.5) / cell_ - 0.5)),
            j = int(std::lround((y + 0.5) / cell_ - 0.5));
  if (i < 0 || j < 0 || i >= width_ || j >= height_) return;
  for (int c = 0; c < 3; ++c) rgb_(3 * i + c, j) = std::uint16_t(65535 * ink[c]);
}

void Overlay::line(double x0, double y0, double x1, double y1, const InkRgb& ink) {
  const int steps = int(std::ceil(std::hypot(x1 - x0, y1 - y0))) * 2 + 1;
  for (int i = 0; i <= steps; ++i) dot(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, ink);
}

void Overlay::cross(double x, double y, double arm_px, const InkRgb& ink) {
  line(x - arm_px, y, x + arm_px, y, ink);
  line(x, y - arm_px, x, y + arm_px, ink);
}

void Overlay::write(const std::string& path) {
  if (photo_kind(path) != PhotoKind::png)
    throw Error(path, "overlays are PNG files", "name it .png");
  write_photo({.rgb = std::move(rgb_)}, {}, path);
}

void draw_checker(Overlay& overlay, const FoundChecker& found) {
  constexpr std::array<Point, 4> corners{{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}};
  for (int i = 0; i < checker_patches; ++i)
    for (int k = 0; k < 4; ++k) {
      const int column = i % checker_columns, row = i / checker_columns;
      const auto corner = [&](int j) {
        constexpr double reach = 0.21;
        return seen(found.picture_from_chart,
                    {column + reach * corners[j % 4][0], row + reach * corners[j % 4][1]});
      };
      const auto [x0, y0] = corner(k);
      const auto [x1, y1] = corner(k + 1);
      // The first patch, dark skin, tells the orientation.
      overlay.line(x0, y0, x1, y1, i == 0 ? ink_red : ink_green);
    }
}

}  // namespace lichtbild::cli
