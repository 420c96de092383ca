#include "optics/profile/lensfun_database.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "optics/profile/profile_files.h"

namespace lichtbild::optics {
namespace {

constexpr ProfileSensor full_frame{.pixel_um = 6, .width_px = 6000, .height_px = 4000};
constexpr double half_short_mm = 12;

const std::string zoom = R"(<?xml version="1.0"?>
<!DOCTYPE lensdatabase SYSTEM "lensfun-database.dtd">
<lensdatabase version="1">
  <camera><maker>Some</maker><model>Compact</model><mount>someCompact</mount>
    <cropfactor>1.5</cropfactor></camera>
  <lens><maker>Some</maker><model>Some 20-40mm f/2</model><mount>Some</mount>
    <cropfactor>1</cropfactor>
    <calibration>
      <distortion model="ptlens" focal="20" a="0.02" b="-0.05" c="0.01"/>
      <distortion model="poly3" focal="40" k1="0.008"/>
      <real-focal-length focal="20" real-focal="20.6"/>
      <tca model="linear" focal="20" kr="1.0004" kb="0.9996"/>
      <tca model="poly3" focal="40" vr="1.0002" br="0.0001" vb="0.9998" cb="0.0002"/>
      <vignetting model="pa" focal="20" aperture="2" distance="1000" k1="-1" k2="0.5" k3="-0.2"/>
      <vignetting model="pa" focal="20" aperture="4" distance="1000" k1="-0.4" k2="0.1" k3="0"/>
      <vignetting model="pa" focal="20" aperture="4" distance="1" k1="-0.2" k2="0.1" k3="0"/>
    </calibration></lens>
  <lens><maker>Some</maker><model>fixed lens</model><mount>someCompact</mount>
    <cropfactor>1.5</cropfactor><aspect-ratio>4:3</aspect-ratio>
    <calibration><distortion model="poly5" focal="10" k1="-0.03" k2="0.004"/></calibration></lens>
  <lens><maker>Some</maker><model>Round</model><mount>Some</mount><type>fisheye</type>
    <cropfactor>1</cropfactor></lens>
</lensdatabase>)";

LensfunQuery zoom_at(double focal_mm, double f_number = 0, double distance_m = 1000) {
  return {"some 20-40MM f/2", focal_mm, f_number, distance_m, full_frame};
}
double half_diagonals(double mm) { return mm / full_frame.half_diagonal_mm(); }
// The table is a cubic between points a sixty-fourth apart.
constexpr double cubic = 1e-6;

TEST(LensfunDatabase, FormulasOfTheManual) {
  const LensProfile wide = parse_lensfun(zoom, "zoom", zoom_at(20)),
                    tele = parse_lensfun(zoom, "zoom", zoom_at(40)),
                    middle = parse_lensfun(zoom, "zoom", zoom_at(30));
  EXPECT_NEAR(wide.focal_length_mm, 20.6, 1e-9);
  for (const double u : {0.3, 0.9, 1.4}) {
    // The undistorted radius in half short sides becomes f tan(theta) by the slope on the axis.
    const auto ideal = [&](double slope) { return half_diagonals(u * slope * half_short_mm); };
    const double ptlens = u * (0.02 * u * u * u - 0.05 * u * u + 0.01 * u + 1.02);
    EXPECT_NEAR(wide.geometry.real_from_ideal(1, ideal(1.02)),
                half_diagonals(ptlens * half_short_mm), cubic);
    EXPECT_NEAR(wide.geometry.real_from_ideal(0, ideal(1.02)),
                half_diagonals(1.0004 * ptlens * half_short_mm), cubic);
    const double poly3 = u * (1 - 0.008 + 0.008 * u * u);
    EXPECT_NEAR(tele.geometry.real_from_ideal(1, ideal(0.992)),
                half_diagonals(poly3 * half_short_mm), cubic);
    EXPECT_NEAR(tele.geometry.real_from_ideal(0, ideal(0.992)),
                half_diagonals(poly3 * (1.0002 + 0.0001 * poly3 * poly3) * half_short_mm), cubic);
    EXPECT_NEAR(tele.geometry.real_from_ideal(2, ideal(0.992)),
                half_diagonals(poly3 * (0.9998 + 0.0002 * poly3) * half_short_mm), cubic);
    // Half way from one to the other: the mean of the polynomials.
    EXPECT_NEAR(middle.geometry.real_from_ideal(1, ideal((1.02 + 0.992) / 2)),
                half_diagonals((ptlens + poly3) / 2 * half_short_mm), cubic);
  }
}

TEST(LensfunDatabase, VignettingBetweenAperturesAndDistances) {
  const auto light = [](double f_number, double distance_m, double r) {
    return parse_lensfun(zoom, "zoom", zoom_at(20, f_number, distance_m)).shading.at(1, r);
  };
  const auto pa = [](double r, double k1, double k2, double k3) {
    return 1 + k1 * r * r + k2 * std::pow(r, 4) + k3 * std::pow(r, 6);
  };
  for (const double r : {0.25, 0.7, 1.0}) {
    EXPECT_NEAR(light(2, 1000, r), pa(r, -1, 0.5, -0.2), cubic);
    EXPECT_NEAR(light(1.4, 1000, r), pa(r, -1, 0.5, -0.2), cubic);  // held
    EXPECT_NEAR(light(8.0 / 3, 1000, r), pa(r, -0.7, 0.3, -0.1), cubic);
    EXPECT_NEAR(light(4, 1, r), pa(r, -0.2, 0.1, 0), cubic);
    EXPECT_NEAR(light(0, 1000, r), 1, cubic);  // not known
  }
}

TEST(LensfunDatabase, ASmallerSensorSeesTheMiddle) {
  LensfunQuery query = zoom_at(20, 2);
  const LensProfile whole = parse_lensfun(zoom, "zoom", query);
  query.sensor = {.pixel_um = 6, .width_px = 3000, .height_px = 2000};
  const LensProfile part = parse_lensfun(zoom, "zoom", query);
  for (const double r : {0.2, 0.6, 1.0}) {
    EXPECT_NEAR(part.geometry.real_from_ideal(0, r), 2 * whole.geometry.real_from_ideal(0, r / 2),
                cubic);
    EXPECT_NEAR(part.shading.at(0, r), whole.shading.at(0, r / 2), cubic);
  }
}

TEST(LensfunDatabase, ACamerasFixedLens) {
  const ProfileSensor sensor{.pixel_um = 5, .width_px = 4616, .height_px = 3462};  // crop 1.5
  const LensProfile lens = parse_lensfun(zoom, "zoom", {"some compact", 10, 0, 1000, sensor});
  EXPECT_EQ(lens.title, "fixed lens");
  // Half the short side of 4:3 is 0.6 of half the diagonal, at the crop factor of the lens.
  const double unit = 0.6 * std::hypot(36, 24) / 2 / 1.5 / sensor.half_diagonal_mm(), u = 1.2;
  EXPECT_NEAR(lens.geometry.real_from_ideal(1, u * unit),
              u * (1 - 0.03 * u * u + 0.004 * std::pow(u, 4)) * unit, cubic);
}

// Closed form: barrel distortion, lateral color, fall-off.
TEST(LensfunDatabase, OurOwnFileGivesTheTableBackWithinItsResidual) {
  LensProfile lens;
  lens.title = "Own";
  lens.sensor = {.pixel_um = 3, .width_px = 4096, .height_px = 3072};
  lens.focal_length_mm = 8.4, lens.f_number = 1.65, lens.object_distance_mm = INFINITY;
  for (int i = 0; i <= 100; ++i) {
    const double u = 1.4 * i / 100, r = i / 100.0;
    lens.geometry.ideal.push_back(u);
    for (int c = 0; c < 3; ++c) {
      lens.geometry.real[c].push_back(u * (1 - 0.05 * u * u + 0.012 * std::pow(u, 4)) *
                                      (1 + 4e-4 * (c - 1) * u * u));
      lens.shading.illumination[c].push_back(std::pow(1 + 0.6 * r * r, -2));
    }
    lens.shading.radius.push_back(r);
  }
  const LensfunModel model = fit_lensfun(lens);
  const LensProfile read =
      parse_lensfun(lensfun_xml(lens), "own", {"Own", 8.4, 1.65, 1000, lens.sensor});
  const double to_real_focal = read.focal_length_mm / lens.focal_length_mm,
               half_px = lens.sensor.half_diagonal_px();
  constexpr double digits_px = 0.01;  // nine of them, and the tables' cubics
  for (int i = 1; i <= 100; ++i) {
    const double ideal = lens.geometry.ideal_from_real(1, i / 100.0);
    for (int c = 0; c < 3; ++c)
      EXPECT_NEAR(read.geometry.real_from_ideal(c, ideal * to_real_focal) * half_px,
                  lens.geometry.real_from_ideal(c, ideal) * half_px,
                  model.distortion_residual_px + (c == 1 ? 0 : model.tca_residual_px) + digits_px);
    EXPECT_NEAR(read.shading.at(1, i / 100.0), lens.shading.at(1, i / 100.0),
                model.vignetting_residual + 1e-6);
  }
}

TEST(LensfunDatabase, ErrorsNameWhatIsWrong) {
  const auto message = [](const std::string& xml, const LensfunQuery& query) -> std::string {
    try {
      parse_lensfun(xml, "bad.xml", query);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  const auto with = [&](const std::string& lens) {
    return "<lensdatabase><lens><model>L</model>" + lens + "</lens></lensdatabase>";
  };
  const LensfunQuery l{"L", 20, 2, 1000, full_frame};
  const auto says = [&](const std::string& xml, const LensfunQuery& query, const char* part) {
    const std::string text = message(xml, query);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  says("", l, "bad.xml");
  says("<lensdatabase><lens>", l, "byte");
  says("<html/>", l, "lensdatabase");
  says(zoom, {"Other", 20, 2, 1000, full_frame}, "no lens and no camera called 'Other'");
  says(zoom, {"Round", 20, 2, 1000, full_frame}, "fisheye");
  says(zoom, zoom_at(0), "focal length");
  says(with("<cropfactor>2</cropfactor>"), l, "crop factor 2");
  says(with("<cropfactor>0</cropfactor>"), l, "above 0");
  says(with("<cropfactor>nan</cropfactor>"), l, "is no number");
  const auto calibrated = [&](const std::string& part) {
    return with("<calibration>" + part + "</calibration>");
  };
  says(calibrated(R"(<distortion model="ptlens" focal="20" a="1e9"/>)"), l, "1e9");
  says(calibrated(R"(<distortion model="ptlens" a="0.1"/>)"), l, "focal");
  says(calibrated(R"(<distortion model="acm" focal="20"/>)"), l, "acm");
  says(calibrated(R"(<distortion model="poly3" focal="20" k1="-0.4"/>)"), l, "folds");
  says(calibrated(R"(<vignetting model="pa" focal="20" aperture="2" distance="9" k1="-3"/>)"), l,
       "vignetting");
  // Entities are not expanded.
  says(
      "<!DOCTYPE a [<!ENTITY x \"L\">]><lensdatabase><lens><model>&x;</model></lens>"
      "</lensdatabase>",
      l, "no lens");
}

// Real entries, where the database is installed.
TEST(LensfunDatabase, TheDatabaseItself) {
  const std::string folder = "/usr/share/lensfun/version_1";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "liblensfun-data-v1 is not installed";
  const LensProfile zoomed =
      read_lensfun(folder, {"Canon EF 24-70mm f/2.8L USM", 24, 2.8, 1000, full_frame});
  // Barrel: the real corner is nearer than the ideal; and dark.
  EXPECT_LT(zoomed.geometry.real_from_ideal(1, 1), 0.99);
  EXPECT_GT(zoomed.geometry.real_from_ideal(1, 1), 0.9);
  EXPECT_LT(zoomed.shading.at(1, 1), 0.5);
  EXPECT_LE(corrected_scale(zoomed), 1);
}

}  // namespace
}  // namespace lichtbild::optics
