// Defocus against closed forms of disks and edges, and a plain sum over every disk.
#include "optical_image/defocus.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "optical_image/disk.h"

namespace lichtbild {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// 10 mm f/2 on pixels of 5 um.
LensProfile lens_focused_at(double focus_mm) {
  LensProfile lens;
  lens.sensor = {5, 96, 64};
  lens.focal_length_mm = 10, lens.f_number = 2;
  lens.object_distance_mm = focus_mm;
  return lens;
}

// One cell to a pixel; a distance whose disk has this radius, for a lens focused at 20 cm.
constexpr double focus_mm = 200;
float distance_with_radius(double radius) {
  const LensProfile lens = lens_focused_at(focus_mm);
  const double per_unit = defocus_radius_px(lens, 1000) / (1e-3 - 1 / focus_mm);
  return float(1 / (radius / per_unit + 1 / focus_mm));
}

PaintGrid cells(int width, int height) { return {width, height, 0, 0, 1, width, height}; }

using Field = std::function<double(int x, int y)>;
Image<Half> picture(int width, int height, const Field& light) {
  Image<Half> out(width, height, 3);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) out(x, y, c) = half_from(float((c + 1) * light(x, y)));
  return out;
}
Image<float> plane(int width, int height, const Field& value) {
  Image<float> out(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) out(x, y) = float(value(x, y));
  return out;
}
Image<Half> through_lens(const Image<Half>& light, const Image<float>& distance) {
  return defocused(light, distance, cells(light.width(), light.height()),
                   lens_focused_at(focus_mm));
}

constexpr double half_precision = 1e-3;  // of 11 bits

// The image distances of a thin lens; the cone behind the lens is cut at the sensor.
TEST(DefocusRadius, OfAThinLens) {
  for (const double focus : {500.0, 2000.0, infinity})
    for (const double distance : {200.0, 1000.0, 5000.0, infinity}) {
      const auto image_mm = [](double s) { return std::isfinite(s) ? 10 * s / (s - 10) : 10.0; };
      const double sensor = image_mm(focus), sharp = image_mm(distance);
      const double expected_um = 1000 * 5 * (sharp - sensor) / sharp / 2;
      EXPECT_NEAR(defocus_radius_px(lens_focused_at(focus), distance), expected_um / 5, 1e-9);
    }
}

// A disk's transfer is 2 J1(x) / x.
TEST(Disk, TransferIsThatOfADisk) {
  for (const double radius : {0.7, 1.5, 3.2, 7.9, 11.0, 30.0}) {
    // No finer than the pixel's Nyquist frequency: four cells of half a pixel.
    const double omega = 2 * M_PI / std::max(5 * radius, 4.0);
    const int size = int(10 * radius) + 40;
    const Image<float> averaged = averaged_over_disk(
        plane(size, size, [&](int x, int y) { return std::cos(omega * (0.8 * x + 0.6 * y)); }),
        radius);
    const double transfer = 2 * std::cyl_bessel_j(1, omega * radius) / (omega * radius);
    // In the middle third, away from the repeated border.
    for (int y = size / 3; y < 2 * size / 3; ++y)
      for (int x = size / 3; x < 2 * size / 3; ++x)
        ASSERT_NEAR(averaged(x, y), transfer * std::cos(omega * (0.8 * x + 0.6 * y)), 0.01)
            << radius;
  }
}

TEST(Defocus, APlaneInFocusStaysAndOthersAreDisks) {
  const auto light = [](int x, int y) { return 0.5 + 0.3 * std::sin(0.3 * x) * std::cos(0.2 * y); };
  const Image<Half> scene = picture(90, 300, light);
  for (const double radius : {0.0, 2.5, -6.0}) {
    const Image<Half> seen =
        through_lens(scene, plane(90, 300, [&](int, int) { return distance_with_radius(radius); }));
    const Image<float> disk = radius == 0
                                  ? plane(90, 300, light)
                                  : averaged_over_disk(plane(90, 300, light), std::abs(radius));
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 300; ++y)
        for (int x = 0; x < 90; ++x)
          ASSERT_NEAR(float_from(seen(x, y, c)) / float(c + 1), disk(x, y), 2 * half_precision);
  }
}

// Share of a disk of radius 1 on the near side of a line at t from its middle.
double edge_of_disk(double t) {
  if (t <= -1) return 0;
  if (t >= 1) return 1;
  return 0.5 + (t * std::sqrt(1 - t * t) + std::asin(t)) / M_PI;
}

// A blurred thing in front lets the background shine through its border, by the share of the pupil.
TEST(Defocus, ABlurredEdgeInFrontOfASharpBackground) {
  constexpr double radius = 6.5;
  const Image<Half> seen = through_lens(
      picture(100, 60, [](int x, int) { return x < 50 ? 0.2 : 1.0; }),
      plane(100, 60, [](int x, int) { return x < 50 ? distance_with_radius(radius) : focus_mm; }));
  for (int x = 0; x < 100; ++x) {
    const double front = edge_of_disk((49.5 - x) / radius);
    ASSERT_NEAR(float_from(seen(x, 30, 0)), 0.2 * front + 1.0 * (1 - front), 0.006) << x;
  }
}

// What is sharp in front covers what is blurred behind, and lends it no light.
TEST(Defocus, ASharpEdgeInFrontOfABlurredBackground) {
  const Image<Half> seen = through_lens(
      picture(100, 60, [](int x, int) { return x < 50 ? 0.2 : 1.0; }),
      plane(100, 60, [](int x, int) { return x < 50 ? focus_mm : distance_with_radius(-7); }));
  for (int x = 0; x < 100; ++x)
    ASSERT_NEAR(float_from(seen(x, 30, 0)), x < 50 ? 0.2 : 1.0, half_precision) << x;
}

// A tilted plane from in front of the focus to behind it: each point's disk, summed one by one.
TEST(Defocus, ATiltedPlane) {
  constexpr int width = 120, height = 40;
  const auto radius_at = [](int x) { return 5.0 - 9.0 * x / width; };
  const auto light = [](int x, int y) {
    return 0.5 + 0.2 * std::sin(0.5 * x) + 0.2 * std::cos(0.4 * y);
  };
  const Image<Half> seen = through_lens(
      picture(width, height, light),
      plane(width, height, [&](int x, int) { return distance_with_radius(radius_at(x)); }));
  constexpr int border = 8, fine = 8;
  for (int y = border; y < height - border; ++y)
    for (int x = border; x < width - border; ++x) {
      double sum = 0, weight = 0;
      for (int v = -border; v <= border; ++v)
        for (int u = -border; u <= border; ++u) {
          const double radius = std::max(std::abs(radius_at(x + u)), 0.5);
          int inside = 0;
          for (int k = 0; k < fine * fine; ++k) {
            const int row = k / fine, column = k % fine;
            inside +=
                std::hypot(u + (column + 0.5) / fine - 0.5, v + (row + 0.5) / fine - 0.5) < radius;
          }
          const double share = inside / (radius * radius);
          sum += share * light(x + u, y + v), weight += share;
        }
      // Layers are half a cell apart; the pattern's waves are thirteen cells.
      ASSERT_NEAR(float_from(seen(x, y, 0)), sum / weight, 0.02) << x << ' ' << y;
    }
}

// Layers leave no seams: even light stays even, whatever the depths.
TEST(Defocus, EvenLightStaysEven) {
  const Image<Half> seen = through_lens(
      picture(150, 600, [](int, int) { return 0.75; }), plane(150, 600, [](int x, int y) {
        return (x / 10 + y / 15) % 3 ? 100.0 + 2 * x + 7 * y : infinity;
      }));
  for (const Half v : seen.samples().subspan(0, std::size_t(150) * 600))
    ASSERT_NEAR(float_from(v), 0.75, half_precision);
}

}  // namespace
}  // namespace lichtbild
