#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/error_message.h"
#include "glass/catalog.h"
#include "glass/glass.h"
#include "optics/aim.h"
#include "optics/files/same_lens.h"
#include "optics/system.h"

namespace lichtbild::optics::zmx_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const char* const head =
    "VERS 140124 0 1\nMODE SEQ\nNAME A telescope\nUNIT MM X W X CM MR CPMM\nENPD 20\n"
    "ENVD 20 1 0\nGFAC 0 0\nFTYP 0 0 2 3 0 0 0\nXFLN 0 0.5 0 0\nYFLN 0 1 0 0\nFWGN 1 2 1 1\n"
    "VDXN 0 0 0\nVDYN 0 0.1 0\nVCXN 0 0 0\nVCYN 0 0.2 0\nVANN 0 0 0\n"
    "WAVM 1 0.4861327 1\nWAVM 2 0.5875618 2\nWAVM 3 0.6562725 1\nWAVM 4 0.55 1\nPWAV 2\n"
    "SURF 0\n  TYPE STANDARD\n  CURV 0.0 0 0 0 0 \"\"\n  DISZ INFINITY\n";

const char* const tail =
    "SURF 9\n  TYPE STANDARD\n  CURV 0\n  DISZ 0\nBLNK \nTOL TOFF 0 0 0\nMNUM 3 1\n"
    "THIC 2 0 0 12\n";

std::string zmx(const std::string& surfaces) { return head + surfaces + tail; }
std::string stopped(const std::string& lines) { return "SURF 1\n  STOP\n" + lines + "  DISZ 5\n"; }

std::string error_of(const std::string& text) {
  return error_message([&] { parse_zmx(text, "a.zmx"); });
}

Shape shape_of(const std::string& lines) {
  return parse_zmx(zmx(stopped(lines)), "a.zmx").surfaces.at(0).shape;
}

std::string utf16(const std::string& text, bool big_endian) {
  std::string bytes = big_endian ? "\xfe\xff" : "\xff\xfe";
  for (const char c : text) {
    if (big_endian) bytes += '\0';
    bytes += c;
    if (!big_endian) bytes += '\0';
  }
  return bytes;
}

TEST(Zmx, HeaderFieldsAndWavelengths) {
  const Lens lens = parse_zmx(zmx(stopped("  TYPE STANDARD\n  CURV 0.02\n  CONI -1\n"
                                          "  GLAS N-BK7 0 0 1.5168 64.17 0 0 0 0 0 0\n"
                                          "  DIAM 10.5 1 0 0 1 \"\"\n")),
                              "a.zmx");
  EXPECT_EQ(lens.title, "A telescope");
  EXPECT_EQ(lens.aperture.kind, SystemAperture::Kind::entrance_pupil_diameter_mm);
  EXPECT_EQ(lens.aperture.value, 20);
  ASSERT_EQ(lens.fields.size(), 2U);
  EXPECT_EQ(lens.fields[1].x, 0.5);
  EXPECT_EQ(lens.fields[1].y, 1);
  EXPECT_EQ(lens.fields[1].weight, 2);
  EXPECT_EQ(lens.fields[1].vdy, 0.1);
  EXPECT_EQ(lens.fields[1].vcy, 0.2);
  ASSERT_EQ(lens.wavelengths.size(), 3U);
  EXPECT_EQ(lens.wavelengths[1].wavelength_nm, 587.5618);
  EXPECT_EQ(lens.wavelengths[1].weight, 2);
  EXPECT_EQ(lens.reference_wavelength, 1);
  ASSERT_EQ(lens.surfaces.size(), 1U);
  const Surface& surface = lens.surfaces[0];
  EXPECT_TRUE(surface.stop);
  EXPECT_EQ(surface.shape.curvature, 0.02);
  EXPECT_EQ(surface.shape.conic, -1);
  EXPECT_EQ(std::get<NamedGlass>(surface.material).name, "N-BK7");
  EXPECT_EQ(surface.semi_diameter_mm, 10.5);
  EXPECT_EQ(surface.thickness_mm, 5);
  EXPECT_THAT(lens.notes, ElementsAre(HasSubstr("of 3 configurations")));
}

TEST(Zmx, Utf16OfBothOrdersAndWithBom) {
  const std::string text = zmx(stopped("  TYPE STANDARD\n  CURV 0.02\n"));
  const std::string expected = LensBits::of(parse_zmx(text, "a.zmx"));
  EXPECT_EQ(LensBits::of(parse_zmx(utf16(text, false), "a.zmx")), expected);
  EXPECT_EQ(LensBits::of(parse_zmx(utf16(text, true), "a.zmx")), expected);
  EXPECT_EQ(LensBits::of(parse_zmx("\xef\xbb\xbf" + text, "a.zmx")), expected);
}

TEST(Zmx, AspheresOfEveryKind) {
  EXPECT_THAT(std::get<EvenAsphere>(shape_of("  TYPE EVENASPH\n  CURV 0.1\n  PARM 1 0\n"
                                             "  PARM 2 1e-4\n  PARM 3 -2e-6\n")
                                        .form)
                  .coefficients,
              ElementsAre(0, 1e-4, -2e-6));
  EXPECT_THAT(std::get<OddAsphere>(shape_of("  TYPE ODDASPHE\n  PARM 3 1e-4\n").form).coefficients,
              ElementsAre(0, 0, 1e-4));
  // Two terms of (r / 2)^2 and (r / 2)^4, as extra data and as parameters of later editions.
  for (const char* lines :
       {"  TYPE XASPHERE\n  XDAT 1 2 0 0 1 0 0 \"\"\n  XDAT 2 2 0 0 1 0 0 \"\"\n"
        "  XDAT 3 0.5 0 0 1 0 0 \"\"\n  XDAT 4 0.25 0 0 1 0 0 \"\"\n",
        "  TYPE XASPHERE\n  PARM 13 2\n  PARM 14 2\n  PARM 15 0.5\n"
        "  PARM 16 0.25\n"})
    EXPECT_THAT(std::get<EvenAsphere>(shape_of(lines).form).coefficients,
                ElementsAre(0.5 / 4, 0.25 / 16));
  const Shape bfs = shape_of(
      "  TYPE QBFS\n  PARM 1 0\n  XDAT 1 2\n  XDAT 2 12.5\n  XDAT 3 0.01\n"
      "  XDAT 4 -0.02\n");
  EXPECT_EQ(std::get<QBfs>(bfs.form).normalization_radius_mm, 12.5);
  EXPECT_THAT(std::get<QBfs>(bfs.form).coefficients, ElementsAre(0.01, -0.02));
  const Shape con = shape_of("  TYPE QBFS\n  PARM 1 1\n  PARM 13 1\n  PARM 14 3\n  PARM 15 0.5\n");
  EXPECT_THAT(std::get<QCon>(con.form).coefficients, ElementsAre(0.5));
}

TEST(Zmx, ShapesWithoutRotationalSymmetry) {
  const Shape biconic =
      shape_of("  TYPE BICONICX\n  CURV 0.1\n  CONI -1\n  PARM 1 20\n  PARM 2 2\n");
  EXPECT_EQ(std::get<Biconic>(biconic.form).curvature_x, 1 / 20.0);
  EXPECT_EQ(std::get<Biconic>(biconic.form).conic_x, 2);
  EXPECT_EQ(biconic.conic, -1);
  const Shape cylinder = shape_of("  TYPE TOROIDAL\n  CURV 0.1\n  PARM 1 0\n  PARM 3 1e-5\n");
  EXPECT_TRUE(std::isinf(std::get<Toroid>(cylinder.form).radius_x_mm));
  EXPECT_THAT(std::get<Toroid>(cylinder.form).coefficients, ElementsAre(0, 1e-5));
  // Terms count x, y, x^2, xy, y^2, x^3, x^2 y, ...
  const Shape xy =
      shape_of("  TYPE XPOLYNOM\n  XDAT 1 7\n  XDAT 2 10\n  XDAT 6 0.5\n  XDAT 9 0.7\n");
  const auto& terms = std::get<XyPolynomial>(xy.form).terms;
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].x_power, 1);
  EXPECT_EQ(terms[0].y_power, 1);
  EXPECT_EQ(terms[1].x_power, 2);
  EXPECT_EQ(terms[1].y_power, 1);
  EXPECT_EQ(terms[1].coefficient_mm, 0.7);
}

TEST(Zmx, InchesBecomeMillimeters) {
  std::string text = zmx(stopped("  TYPE EVENASPH\n  CURV 1\n  PARM 2 1\n  CLAP 0 0.5 0\n"));
  text.replace(text.find("UNIT MM"), 7, "UNIT IN");
  const Lens lens = parse_zmx(text, "a.zmx");
  EXPECT_DOUBLE_EQ(lens.surfaces[0].shape.curvature, 1 / 25.4);
  EXPECT_DOUBLE_EQ(lens.surfaces[0].thickness_mm, 127);
  EXPECT_DOUBLE_EQ(lens.aperture.value, 508);
  // z = r^4 in inches: at r = 1 inch, 25.4 mm high.
  EXPECT_DOUBLE_EQ(
      std::get<EvenAsphere>(lens.surfaces[0].shape.form).coefficients.at(1) * std::pow(25.4, 4),
      25.4);
  EXPECT_DOUBLE_EQ(std::get<CircularAperture>(lens.surfaces[0].aperture->outline).outer_mm, 12.7);
}

TEST(Zmx, CoordinateBreaksModelGlassMirrorsApertures) {
  const Lens lens = parse_zmx(
      zmx("SURF 1\n  TYPE COORDBRK\n  PARM 1 1\n  PARM 2 2\n  PARM 3 30\n  PARM 4 -10\n"
          "  PARM 5 5\n  PARM 6 1\n  DISZ 3\n" +
          stopped("  TYPE STANDARD\n  GLAS MIRROR 0 0 1.5 40 0 0 0\n  SQAP 3 4 0\n  OBDC 1 -1\n") +
          "SURF 3\n  TYPE STANDARD\n  DISZ -7\n  GLAS ___BLANK 1 0 1.5168 64.17 0.01 0 0 0 0 0\n"
          "  OBSC 0 2 0\n"),
      "a.zmx");
  ASSERT_EQ(lens.surfaces.size(), 3U);
  EXPECT_TRUE(lens.surfaces[0].coordinate_break);
  const Placement& placement = *lens.surfaces[0].placement;
  EXPECT_EQ(placement.decenter_x_mm, 1);
  EXPECT_EQ(placement.decenter_y_mm, 2);
  EXPECT_EQ(placement.tilt_x_deg, -30);  // the other hand
  EXPECT_EQ(placement.tilt_y_deg, 10);
  EXPECT_EQ(placement.tilt_z_deg, 5);
  EXPECT_TRUE(placement.tilt_first);
  EXPECT_TRUE(std::holds_alternative<Mirror>(lens.surfaces[1].material));
  EXPECT_EQ(std::get<RectangularAperture>(lens.surfaces[1].aperture->outline).half_height_mm, 4);
  EXPECT_EQ(lens.surfaces[1].aperture->decenter_y_mm, -1);
  const auto& glass = std::get<ModelGlass>(lens.surfaces[2].material);
  EXPECT_EQ(glass.nd, 1.5168);
  EXPECT_EQ(glass.vd, 64.17);
  EXPECT_EQ(glass.dpgf, 0.01);
  EXPECT_EQ(std::get<CircularAperture>(lens.surfaces[2].aperture->outline).inner_mm, 2);
}

TEST(Zmx, AnUnknownThatCouldBendRaysIsAnErrorWithItsLine) {
  EXPECT_THAT(error_of(zmx(stopped("  TYPE GRINSUR9\n"))),
              AllOf(HasSubstr("a.zmx:28:"), HasSubstr("surface type GRINSUR9")));
  EXPECT_THAT(error_of(zmx(stopped("  TYPE STANDARD\n  TWST 3\n"))),
              AllOf(HasSubstr("a.zmx:29:"), HasSubstr("TWST")));
  EXPECT_THAT(error_of(zmx(stopped("  TYPE STANDARD\n  CURV zero\n"))), HasSubstr("'zero'"));
  EXPECT_THAT(error_of(zmx(stopped("  TYPE XASPHERE\n  XDAT 1 2\n  XDAT 2 -1\n"))),
              HasSubstr("normalization radius of -1"));
  EXPECT_THAT(error_of(zmx(stopped("  TYPE EVENASPH\n  PARM 9 1\n"))), HasSubstr("parameter 9"));
  EXPECT_THAT(error_of(zmx(stopped("  ELAP 1 2\n"))), HasSubstr("unknown keyword ELAP"));
  EXPECT_THAT(error_of(zmx("SURF 1\n  TYPE STANDARD\n  DISZ 5\n")), HasSubstr("no stop"));
  EXPECT_THAT(error_of("SHOE 3\n"), HasSubstr("a.zmx:1: the unknown keyword SHOE"));
  EXPECT_THAT(error_of("MODE NSC\n"), HasSubstr("sequential"));
  EXPECT_THAT(error_of("FTYP 0 1 1 1\n"), HasSubstr("telecentric"));
  EXPECT_THAT(error_of(""), HasSubstr("fewer than three surfaces"));
}

TEST(Zmx, EveryShippedLensIsWrittenAndReadToTheSameBits) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(LICHTBILD_ROOT) + "/data/lenses")) {
    if (entry.path().extension() != ".toml") continue;
    Lens lens = read_lens(entry.path());
    const Lens again = parse_zmx(zmx_from(lens), "again.zmx");
    for (Surface& surface : lens.surfaces)  // the format keeps no zeros behind the last term
      if (auto* even = std::get_if<EvenAsphere>(&surface.shape.form))
        while (even->coefficients.size() <= 8 && !even->coefficients.empty() &&
               even->coefficients.back() == 0)
          even->coefficients.pop_back();
    for (Surface& surface : lens.surfaces)  // nor a model glass without a partial dispersion
      if (auto* glass = std::get_if<ModelGlass>(&surface.material))
        if (!glass->dpgf) glass->dpgf = expected_dpgf(glass->nd, glass->vd);
    EXPECT_EQ(LensBits::of(again), LensBits::of(lens)) << entry.path();
    ++count;
  }
  EXPECT_EQ(count, 83);
}

// What a surface's material does to the lines of F, C and g.
double partial_dispersion(const Lens& lens) {
  const System system = make_system(lens, {}, "a");
  const auto n = [&](int line) { return system.paths[line][0].index; };
  return (n(2) - n(0)) / (n(0) - n(1));
}

TEST(Zmx, ModelGlassLiesOnTheNormalLineOthersWhereGlassesLie) {
  Lens lens = parse_zmx(zmx(stopped("  TYPE STANDARD\n  GLAS ___BLANK 1 0 1.5168 64.17 0\n")), "a");
  lens.wavelengths = {{line_f_um * 1000, 1}, {line_c_um * 1000, 1}, {line_g_um * 1000, 1}};
  lens.reference_wavelength = 0;
  const double normal_pgf = 0.6438 - 0.001682 * 64.17;  // Schott TIE-29
  EXPECT_NEAR(partial_dispersion(lens), normal_pgf, 1e-9);
  std::get<ModelGlass>(lens.surfaces[0].material).dpgf.reset();
  EXPECT_GT(std::abs(partial_dispersion(lens) - normal_pgf), 0.001);
  EXPECT_NEAR(partial_dispersion(parse_zmx(zmx_from(lens), "a")), partial_dispersion(lens), 1e-9);
}

TEST(Zmx, WhatItCannotHoldIsAnError) {
  Lens lens = parse_zmx(zmx(stopped("  TYPE STANDARD\n")), "a.zmx");
  lens.surfaces[0].material = IndexTable{{500, 600}, {1.5, 1.49}};
  EXPECT_THROW(zmx_from(lens), Error);
  lens.surfaces[0].material = Air{};
  lens.surfaces[0].shape.form = OddAsphere{std::vector<double>(9, 1e-9)};
  EXPECT_THROW(zmx_from(lens), Error);
}

// Two tilted mirrors, Handbook of Optics, volume 2, chapter 18, example 46, as OpticStudio saved
// them (ray-optics' tests hold its file): it had solved for the last decenter, which brings the
// chief ray to the middle of the image - with tilts to the other side it would miss by 48 mm -, and
// wrote how far from the axis the rim's rays meet each surface.
TEST(Zmx, ATiltedTelescopeIsWhereOpticStudioHasIt) {
  const auto turn = [](int number, const std::string& parameters) {
    return "SURF " + std::to_string(number) + "\n  TYPE COORDBRK\n  CURV 0.0\n" + parameters +
           "  DISZ 0\n";
  };
  const std::string text =
      "VERS 161019 62 33785\nMODE SEQ\nUNIT MM X W X CM MR CPMM\nENPD 20\nFTYP 0 0 3 1 0 0 0\n"
      "XFLN 0 1 -1\nYFLN 0 0 0\nFWGN 1 1 1\nWAVM 1 0.55 1\nPWAV 1\n"
      "SURF 0\n  TYPE STANDARD\n  CURV 0.0\n  DISZ INFINITY\n"
      "SURF 1\n  TYPE STANDARD\n  CURV 0.0\n  DISZ 160\n" +
      turn(2, "  PARM 3 -3.5\n") +
      "SURF 3\n  STOP\n  TYPE STANDARD\n  CURV -9.852216748768472150E-04\n  DISZ 0\n"
      "  GLAS MIRROR 0 0 1.5 40 0 0 0 0 0 0\n  CONI -4.278\n" +
      turn(4, "  PARM 3 -3.5\n") + "SURF 5\n  TYPE STANDARD\n  CURV 0.0\n  DISZ -160.36\n" +
      turn(6, "  PARM 3 -3.32\n") +
      "SURF 7\n  TYPE TOROIDAL\n  CURV 9.562789274375549983E-04\n  PARM 1 1035\n"
      "  XDAT 1 0.000000000000E+00 0 0 1.000000000000E+00 0.000000000000E+00 0 \"\"\n"
      "  XDAT 2 1.000000000000E+02 0 0 1.000000000000E+00 0.000000000000E+00 0 \"\"\n"
      "  DISZ 0\n  GLAS MIRROR 0 0 1.5 40 0 0 0 0 0 0\n" +
      turn(8, "  PARM 3 3.32\n") +
      "SURF 9\n  TYPE STANDARD\n  CURV 0.0\n  DISZ 206.80004397784717\n" +
      turn(10, "  PARM 2 24.073899767516576\n") +
      "SURF 11\n  TYPE STANDARD\n  CURV 0.0\n  DISZ 0\n";
  const System system = make_system(parse_zmx(text, "a.zmx"), Catalog{}, "a.zmx");
  const auto hits_of = [&](const Field& field, PupilPoint pupil) {
    // Without ray aiming rays fill the entrance pupil.
    const Bundle bundle(system, field, 0, Aiming::paraxial);
    std::vector<Hit<double>> hits;
    EXPECT_EQ(trace(system.path(), *bundle.launch(pupil), &hits, {.clip = false}).status,
              RayStatus::ok);
    return hits;
  };
  const Hit<double> chief = hits_of({}, {}).back();
  EXPECT_NEAR(chief.position.x, 0, 1e-12);
  EXPECT_NEAR(chief.position.y, 0, 1e-8);  // as near as OpticStudio's solve came

  std::vector<double> farthest(system.path().size());
  for (const double field : {0, 1, -1})
    for (const PupilPoint p : {PupilPoint{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const auto hits = hits_of(Field{.x = field}, p);
      for (std::size_t i = 0; i < hits.size(); ++i)
        farthest[i] = std::max(farthest[i], std::hypot(hits[i].position.x, hits[i].position.y));
    }
  constexpr double rounding = 1e-9;
  EXPECT_NEAR(farthest[0], 12.792810388514814, rounding);
  EXPECT_NEAR(farthest[2], 10.021719313230335, rounding);
  EXPECT_NEAR(farthest[4], 10.007006649378345, rounding);
  EXPECT_NEAR(farthest[6], 9.6451208794163481, rounding);  // the toroid
  EXPECT_NEAR(farthest[8], 9.6460557756729308, rounding);
}

}  // namespace
}  // namespace lichtbild::optics::zmx_test
