#include "optics/profile/profile_files.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error_message.h"

namespace lichtbild::optics {
namespace {

// Every number a different one that no short decimal can hold.
LensProfile odd_profile() {
  LensProfile p;
  double x = 0.1;
  const auto next = [&] { return x = std::fmod(x * 1.61803398875 + 0.3, 1) / 3; };
  p.title = "A \"lens\" \\ with\ttabs";
  p.source = "µ";
  p.sensor = {1.48 + next(), 8192, 6144};
  p.center_x = next(), p.center_y = next();
  p.focal_length_mm = 8 + next(), p.f_number = 1 + next(), p.image_circle_mm = 15 + next();
  p.object_distance_mm = 300 + next();
  p.psf.size = 3;
  p.psf.radius = {0, 1};
  p.geometry.ideal = {0, next(), 1 + next()};
  p.geometry.largest_residual_px = 1e-12 * next();
  p.shading.radius = {0, 1.0 / 3, 1};
  p.shading.chief_ray_deg = {0, 10 + next(), 30 + next()};
  for (double& k : p.shading.gain) k = -1e20 * next();
  for (int c = 0; c < 3; ++c) {
    p.bands[c] = {{500 + next(), 600}, {next(), next()}};
    p.geometry.real[c] = {0, next(), 1 + next()};
    for (double& k : p.geometry.k[c]) k = next();
    p.shading.illumination[c] = {1, next(), next()};
    for (int i = 0; i < 2; ++i) {
      PsfKernel kernel{{}, next()};
      for (int k = 0; k < 9; ++k) kernel.cell.push_back(float(next() * 1e-7));
      p.psf.kernel[c].push_back(kernel);
    }
  }
  return p;
}

void expect_same(const LensProfile& a, const LensProfile& b) {
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.sensor.pixel_um, b.sensor.pixel_um);
  EXPECT_EQ(a.sensor.width_px, b.sensor.width_px);
  EXPECT_EQ(a.sensor.height_px, b.sensor.height_px);
  EXPECT_EQ(a.center_x, b.center_x);
  EXPECT_EQ(a.center_y, b.center_y);
  EXPECT_EQ(a.focal_length_mm, b.focal_length_mm);
  EXPECT_EQ(a.f_number, b.f_number);
  EXPECT_EQ(a.object_distance_mm, b.object_distance_mm);
  EXPECT_EQ(a.image_circle_mm, b.image_circle_mm);
  EXPECT_EQ(a.geometry.ideal, b.geometry.ideal);
  EXPECT_EQ(a.geometry.real, b.geometry.real);
  EXPECT_EQ(a.geometry.k, b.geometry.k);
  EXPECT_EQ(a.geometry.largest_residual_px, b.geometry.largest_residual_px);
  EXPECT_EQ(a.shading.radius, b.shading.radius);
  EXPECT_EQ(a.shading.illumination, b.shading.illumination);
  EXPECT_EQ(a.shading.chief_ray_deg, b.shading.chief_ray_deg);
  EXPECT_EQ(a.shading.gain, b.shading.gain);
  EXPECT_EQ(a.shading.largest_residual, b.shading.largest_residual);
  EXPECT_EQ(a.psf.oversampling, b.psf.oversampling);
  EXPECT_EQ(a.psf.size, b.psf.size);
  EXPECT_EQ(a.psf.radius, b.psf.radius);
  for (int c = 0; c < 3; ++c) {
    EXPECT_EQ(a.bands[c].wavelength_nm, b.bands[c].wavelength_nm);
    EXPECT_EQ(a.bands[c].weight, b.bands[c].weight);
    ASSERT_EQ(a.psf.kernel[c].size(), b.psf.kernel[c].size());
    for (std::size_t i = 0; i < a.psf.kernel[c].size(); ++i) {
      EXPECT_EQ(a.psf.kernel[c][i].cell, b.psf.kernel[c][i].cell);
      EXPECT_EQ(a.psf.kernel[c][i].enclosed, b.psf.kernel[c][i].enclosed);
    }
  }
}

TEST(ProfileFiles, EveryFormKeepsEveryBit) {
  LensProfile p = odd_profile();
  expect_same(parse_profile_toml(profile_toml(p), "p.toml"), p);
  expect_same(parse_profile_json(profile_json(p), "p.json"), p);
  const auto cbor = profile_cbor(p);
  expect_same(
      parse_profile_cbor({reinterpret_cast<const char*>(cbor.data()), cbor.size()}, "p.cbor"), p);
  p.object_distance_mm = std::numeric_limits<double>::infinity();
  expect_same(parse_profile_toml(profile_toml(p), "p.toml"), p);
  expect_same(parse_profile_json(profile_json(p), "p.json"), p);
}

TEST(ProfileFiles, AKernelOfTooFewBytesIsAnError) {
  LensProfile cut = odd_profile();
  cut.psf.kernel[1][0].cell.pop_back();
  const auto short_one = profile_cbor(cut);
  EXPECT_NE(error_message([&] {
              parse_profile_cbor(
                  {reinterpret_cast<const char*>(short_one.data()), short_one.size()}, "p.cbor");
            }).find("p.cbor: green: psf 1: cell: 32 bytes instead of 36"),
            std::string::npos);
}

TEST(ProfileFiles, DamageIsAnErrorThatNamesTheKey) {
  const std::string good = profile_json(odd_profile());
  const auto complaint = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    if (at == text.npos) return "no " + from;
    text.replace(at, from.size(), to);
    try {
      parse_profile_json(text, "p.json");
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_TRUE(complaint("\"f_number\"", "\"f_nmber\"").starts_with("p.json: f_nmber: unknown"));
  EXPECT_TRUE(
      complaint("\"width_px\":8192", "\"width_px\":-1").starts_with("p.json: sensor: width_px"));
  EXPECT_TRUE(complaint("\"width_px\":8192,", "").starts_with("p.json: sensor: width_px: the key"));
  EXPECT_TRUE(complaint("\"cell\":[", "\"cell\":[1,").starts_with("p.json: red: psf 1: cell: 10 "));
  EXPECT_TRUE(complaint("\"ideal_radius\":[0.0", "\"ideal_radius\":[5")
                  .starts_with("p.json: geometry: ideal_radius"));
  EXPECT_TRUE(complaint("}", "").starts_with("p.json: "));
  EXPECT_THROW(parse_profile_toml("title = ", "p.toml"), Error);
  EXPECT_THROW(parse_profile_json("[]", "p.json"), Error);
  EXPECT_THROW(write_profile(odd_profile(), "p.png"), Error);
}

// A reader that calls itself for every level must not be given a thousand of them.
TEST(ProfileFiles, CborThatNestsWithoutEndIsRefused) {
  for (const char* opening : {"\x81", "\x7f", "\x9f", "\xa1\x60", "\xc0", "\x5f"}) {
    std::string bytes;
    for (int i = 0; i < 400000; ++i) bytes += opening;
    EXPECT_NE(
        error_message([&] { parse_profile_cbor(bytes, "deep.cbor"); }).find("deep.cbor: at byte"),
        std::string::npos);
  }
  for (const char* lie : {"\x9a\xff\xff\xff\xff\x01", "\x79\xff\xff", "\x1b", "\x82\x01"})
    EXPECT_NE(error_message([&] { parse_profile_cbor(lie, "lie.cbor"); }).find("cut off"),
              std::string::npos);
}

}  // namespace
}  // namespace lichtbild::optics
