#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/error_message.h"
#include "optics/files/same_lens.h"

namespace lichtbild::optics::seq_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Lens seq(const std::string& text) { return parse_seq(text, "a.seq"); }

// One surface of these commands, stop and all, between an object at infinity and an image.
std::string with(const std::string& commands) {
  return "RDM\nEPD 10; WL 587.6; YAN 0\nSO 0 1e13\nS 50 100\nSTO\n" + commands + "\nSI 0 0\n";
}
Surface surface_of(const std::string& commands) { return seq(with(commands)).surfaces.at(0); }

std::string error_of(const std::string& text) {
  return error_message([&] { parse_seq(text, "a.seq"); });
}

// A double Gauss as CODE V saves one, with its curvatures, comments and derivatives.
TEST(Seq, ASavedLens) {
  const Lens lens =
      seq("RDM N;LEN      \"VERSION: 10.7\"\n"
          "TITLE 'A lens; not two ! commands'   ! a comment\n"
          "EPD   50.0\nDIM   M\nWL    656.3 587.6 & \n 486.1\nREF   2\nWTW   1 2 1\nINI   ' '\n"
          "XAN   0.0 0.0\nYAN   0.0 14.0\nWTF   1.0 0.5\nVUY   0.0 0.4\nVLY   0.0 0.2\n"
          "SO    0.0 993938392063.0\n"
          "S     0.0178 8.75 NSSK2_SCHOTT\n  CCY 0\n"
          "S     0.0 3.8 517642\n  THC 0; STO\n  SLB \"the stop\"; CIR 5.5\n"
          "S     -0.0126 61.4875\n  CCY 0\n  PIM\n"
          "SI    0.0 -0.4\n  THC 0\nDER   VAL I1 -0.6E-5\nGO \n");
  EXPECT_EQ(lens.title, "A lens; not two ! commands");
  EXPECT_EQ(lens.aperture.kind, SystemAperture::Kind::entrance_pupil_diameter_mm);
  EXPECT_EQ(lens.aperture.value, 50);
  ASSERT_EQ(lens.wavelengths.size(), 3U);
  EXPECT_EQ(lens.wavelengths[2].wavelength_nm, 486.1);
  EXPECT_EQ(lens.wavelengths[1].weight, 2);
  EXPECT_EQ(lens.reference_wavelength, 1);
  EXPECT_TRUE(std::isinf(lens.object_distance_mm));
  // The pupil's upper 0.4 and lower 0.2 are cut: it reaches from -0.8 to 0.6.
  const Field& field = lens.fields.at(1);
  EXPECT_DOUBLE_EQ(field.vdy + (1 - field.vcy), 0.6);
  EXPECT_DOUBLE_EQ(field.vdy - (1 - field.vcy), -0.8);
  EXPECT_EQ(field.weight, 0.5);
  ASSERT_EQ(lens.surfaces.size(), 3U);
  EXPECT_EQ(lens.surfaces[0].shape.curvature, 0.0178);
  EXPECT_EQ(std::get<NamedGlass>(lens.surfaces[0].material).name, "N-SSK2");
  EXPECT_EQ(std::get<NamedGlass>(lens.surfaces[0].material).catalog, "SCHOTT");
  EXPECT_EQ(std::get<ModelGlass>(lens.surfaces[1].material).nd, 1.517);
  EXPECT_EQ(std::get<ModelGlass>(lens.surfaces[1].material).vd, 64.2);
  EXPECT_TRUE(lens.surfaces[1].stop);
  EXPECT_EQ(lens.surfaces[1].label, "the stop");
  EXPECT_EQ(lens.surfaces[1].semi_diameter_mm, 5.5);
  EXPECT_DOUBLE_EQ(lens.surfaces[2].thickness_mm, 61.0875);  // with the defocus
  EXPECT_THAT(lens.notes, ElementsAre(HasSubstr("defocus of -0.4 mm")));
}

TEST(Seq, TheThreeMirrorReference) {
  const Lens lens = read_lens(std::string(LICHTBILD_ROOT) + "/tests/lenses/threemrc.seq");
  EXPECT_EQ(lens.fields.size(), 5U);
  EXPECT_EQ(lens.fields[3].x, 2);
  EXPECT_EQ(lens.fields[3].y, -2);
  ASSERT_EQ(lens.surfaces.size(), 5U);
  EXPECT_TRUE(lens.surfaces[2].stop);
  const Surface& tertiary = lens.surfaces[4];
  EXPECT_TRUE(std::holds_alternative<Mirror>(tertiary.material));
  EXPECT_EQ(tertiary.shape.curvature, 1 / -453.96516);
  EXPECT_EQ(tertiary.shape.conic, 0.226106);
  EXPECT_THAT(std::get<EvenAsphere>(tertiary.shape.form).coefficients,
              ElementsAre(0, 0.368950E-10));
  EXPECT_EQ(tertiary.placement->tilt_x_deg, 9.514418);
  EXPECT_EQ(tertiary.placement->decenter_y_mm, 67.500535);
  EXPECT_EQ(tertiary.placement->after, Placement::After::restore);
  EXPECT_EQ(std::get<RectangularAperture>(tertiary.aperture->outline).half_width_mm, 66.581268);
  EXPECT_EQ(tertiary.aperture->decenter_y_mm, -112.354230);
  // "IMG DIS" of the listing.
  EXPECT_NEAR(tertiary.thickness_mm, -306.2131, 1e-4);
  EXPECT_EQ(lens.image.placement->tilt_x_deg, 8.716957);
}

TEST(Seq, ShapesOfEveryKind) {
  const Shape asphere = surface_of("ASP; K -1; A 1e-4; B 2e-6; J 3e-20").shape;
  EXPECT_EQ(asphere.conic, -1);
  EXPECT_THAT(std::get<EvenAsphere>(asphere.form).coefficients,
              ElementsAre(0, 1e-4, 2e-6, 0, 0, 0, 0, 0, 0, 3e-20));
  const Shape odd = surface_of("SPS ODD 0.0\nSCO K -2; SCO C4 1e-3; SCO AR4 2e-4").shape;
  EXPECT_EQ(odd.conic, -2);
  EXPECT_THAT(std::get<OddAsphere>(odd.form).coefficients, ElementsAre(0, 0, 1e-3, 2e-4));
  const Shape xy = surface_of("SPS XYP 450\nSCO C3 -1.7; SCO C8 -2.6; SCO C13 2.1").shape;
  const auto& form = std::get<XyPolynomial>(xy.form);
  EXPECT_EQ(form.normalization_radius_mm, 450);
  ASSERT_EQ(form.terms.size(), 3U);  // y, x^2 y, x^2 y^2
  EXPECT_EQ(form.terms[0].x_power, 0);
  EXPECT_EQ(form.terms[0].y_power, 1);
  EXPECT_EQ(form.terms[1].x_power, 2);
  EXPECT_EQ(form.terms[1].y_power, 1);
  EXPECT_EQ(form.terms[2].x_power, 2);
  EXPECT_EQ(form.terms[2].y_power, 2);
  const Shape bfs = surface_of("SPS QBF 190\nSCO C3 0.426; SCO QB6 -0.0168").shape;
  EXPECT_EQ(std::get<QBfs>(bfs.form).normalization_radius_mm, 190);
  EXPECT_THAT(std::get<QBfs>(bfs.form).coefficients, ElementsAre(0.426, -0.0168));
  const Shape con = surface_of("SPS QCN\nSCO NRADIUS 20; SCO QC4 0.5").shape;
  EXPECT_EQ(std::get<QCon>(con.form).normalization_radius_mm, 20);
  const Shape toroid = surface_of("YTO; RDX 30; A 1e-5").shape;
  EXPECT_DOUBLE_EQ(std::get<Toroid>(toroid.form).radius_x_mm, 30);
  EXPECT_THAT(std::get<Toroid>(toroid.form).coefficients, ElementsAre(0, 1e-5));
}

TEST(Seq, PlacementsAndApertures) {
  EXPECT_EQ(surface_of("XDE 1; ADE 45; BEN").placement->after, Placement::After::bend);
  EXPECT_EQ(surface_of("XDE 1").placement->after, Placement::After::stay);
  const Lens reversed = seq(with("YDE 2; ADE 30; REV"));
  ASSERT_EQ(reversed.surfaces.size(), 2U);
  EXPECT_FALSE(reversed.surfaces[0].placement);
  EXPECT_EQ(reversed.surfaces[0].thickness_mm, 0);
  EXPECT_EQ(reversed.surfaces[1].placement->tilt_x_deg, -30);
  EXPECT_TRUE(reversed.surfaces[1].placement->tilt_first);
  EXPECT_EQ(reversed.surfaces[1].thickness_mm, 100);
  EXPECT_EQ(std::get<CircularAperture>(surface_of("CIR HOL 2; CIR 9").aperture->outline).inner_mm,
            2);
  EXPECT_EQ(std::get<CircularAperture>(surface_of("CIR S1 9").aperture->outline).outer_mm, 9);
  EXPECT_FALSE(surface_of("CIR EDG 12").aperture);
  EXPECT_TRUE(
      std::get<RectangularAperture>(surface_of("REX OBS 1; REY OBS 2").aperture->outline).obscures);
}

TEST(Seq, GlassOfEverySpelling) {
  const auto glass = [](const std::string& name) {
    return seq("RDM\nEPD 10; WL 587.6 486; YAN 0\nPRV\nPWL 587.6 486\n'MINE' 1.5 1.51\nEND\n"
               "SO 0 1e13\nS 50 100 " +
               name + "\nSTO\nSI 0 0\n")
        .surfaces.at(0)
        .material;
  };
  EXPECT_EQ(std::get<NamedGlass>(glass("sk19_Schott")).name, "SK19");
  EXPECT_EQ(std::get<NamedGlass>(glass("PLASF47_SCHOTT")).name, "P-LASF47");
  EXPECT_EQ(std::get<NamedGlass>(glass("SBSL7_OHARA")).name, "S-BSL7");
  EXPECT_EQ(std::get<ModelGlass>(glass("516800.641700")).nd, 1.5168);
  EXPECT_EQ(std::get<ModelGlass>(glass("516800.641700")).vd, 64.17);
  EXPECT_EQ(std::get<ModelGlass>(glass("1.5168:64.17")).vd, 64.17);
  EXPECT_THAT(std::get<IndexTable>(glass("'mine'")).index, ElementsAre(1.5, 1.51));
  EXPECT_TRUE(std::holds_alternative<Mirror>(glass("REFL")));
}

TEST(Seq, AnUnknownThatCouldBendRaysIsAnErrorWithItsLine) {
  EXPECT_THAT(error_of(with("DIF DOE")), AllOf(HasSubstr("a.seq:6:"), HasSubstr("DIF")));
  EXPECT_THAT(error_of(with("SPS ZRN")), HasSubstr("special surface ZRN"));
  EXPECT_THAT(error_of(with("K one")), HasSubstr("'one' is not a number"));
  EXPECT_THAT(error_of(with("CUF 0.1")), HasSubstr("Fresnel"));
  EXPECT_THAT(error_of(with("CIR S9 3")), HasSubstr("no surface S9"));
  EXPECT_THAT(error_of(with("PIM; THI 0; PIM")), HasSubstr("PIM and no thickness"));
  EXPECT_THAT(error_of("SO 0 1e13\nS 50 1\n"), HasSubstr("RDM"));
  EXPECT_THAT(error_of("S 0 1\n"), HasSubstr("a surface before SO"));
  EXPECT_THAT(error_of("YAN 0\nYOB 3\n"), HasSubstr("two kinds"));
  EXPECT_THAT(error_of(""), HasSubstr("no SO, S and SI"));
}

}  // namespace
}  // namespace lichtbild::optics::seq_test
