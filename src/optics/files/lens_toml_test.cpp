#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/error_message.h"
#include "core/temporary_folder.h"
#include "optics/files/same_lens.h"

namespace lichtbild::optics {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string root = LICHTBILD_ROOT;

const std::string head =
    "wavelengths_nm = [587.5618]\n[aperture]\nf_number = 2\n[field]\nangle_deg = [0, 14]\n";

std::string with(const std::string& surface) {
  return head + "[[surface]]\nstop = true\nthickness_mm = 5\n" + surface;
}

std::string error_of(const std::string& text) {
  return error_message([&] { parse_lens_toml(text, "a.lens.toml"); });
}

TEST(LensToml, EveryShippedLensIsReadAndWrittenToTheSameBits) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/data/lenses")) {
    if (entry.path().extension() != ".toml") continue;
    const Lens lens = read_lens(entry.path());
    EXPECT_FALSE(lens.source.empty()) << entry.path();
    EXPECT_EQ(LensBits::of(parse_lens_toml(lens_toml_from(lens), "again")), LensBits::of(lens));
    ++count;
  }
  EXPECT_EQ(count, 83);
}

TEST(LensToml, EveryKeyIsRead) {
  const Lens lens = read_lens(root + "/src/optics/files/corpus/lens_toml/everything.lens.toml");
  EXPECT_THAT(lens.notes, ElementsAre("one", "two \"quoted\""));
  EXPECT_EQ(lens.wavelengths[2].weight, 0.25);
  EXPECT_EQ(lens.reference_wavelength, 1);
  EXPECT_EQ(lens.object_distance_mm, 1000);
  EXPECT_EQ(std::get<ConstantIndex>(lens.object_material).index, 1.33);
  EXPECT_EQ(lens.temperature_c, 25);
  EXPECT_EQ(lens.pressure_atm, 0.5);
  EXPECT_EQ(lens.aperture.kind, SystemAperture::Kind::object_na);
  EXPECT_EQ(lens.aperture.value, 0.1);
  EXPECT_EQ(lens.field_kind, FieldKind::object_height_mm);
  EXPECT_EQ(lens.fields[1].x, 1);
  EXPECT_EQ(lens.fields[1].y, 2);
  EXPECT_EQ(lens.fields[2].weight, 2);
  EXPECT_EQ(lens.fields[2].vcy, 0.04);
  const auto& s = lens.surfaces;
  ASSERT_EQ(s.size(), 9U);
  EXPECT_EQ(s[0].label, "conic");
  EXPECT_EQ(s[0].shape.curvature, 1 / 30.0);
  EXPECT_EQ(s[0].shape.conic, -1);
  EXPECT_EQ(std::get<NamedGlass>(s[0].material).catalog, "SCHOTT");
  EXPECT_EQ(s[0].semi_diameter_mm, 5);
  EXPECT_EQ(std::get<CircularAperture>(s[0].aperture->outline).inner_mm, 0.5);
  EXPECT_EQ(s[0].aperture->decenter_y_mm, -0.1);
  EXPECT_EQ(std::get<ModelGlass>(s[1].material).dpgf, 0.01);
  EXPECT_EQ(std::get<EvenAsphere>(s[1].shape.form).coefficients.size(), 15U);
  EXPECT_EQ(std::get<EvenAsphere>(s[1].shape.form).coefficients[2], -2e-6);
  EXPECT_TRUE(s[2].stop);
  EXPECT_EQ(std::get<ModelGlass>(s[2].material).vd, 64.17);
  EXPECT_THAT(std::get<OddAsphere>(s[2].shape.form).coefficients, ElementsAre(0, 0, 1e-5));
  EXPECT_EQ(std::get<NamedGlass>(s[3].material).name, "A:B");
  EXPECT_THAT(std::get<QBfs>(s[3].shape.form).coefficients, ElementsAre(0.01, -0.02));
  EXPECT_EQ(std::get<IndexTable>(s[4].material).index[1], 1.515);
  EXPECT_EQ(std::get<QCon>(s[4].shape.form).normalization_radius_mm, 5);
  EXPECT_TRUE(s[5].coordinate_break);
  EXPECT_TRUE(s[5].placement->tilt_first);
  EXPECT_TRUE(std::holds_alternative<Mirror>(s[6].material));
  EXPECT_EQ(std::get<Biconic>(s[6].shape.form).curvature_x, 1 / 80.0);
  EXPECT_EQ(s[6].placement->after, Placement::After::bend);
  EXPECT_EQ(s[6].placement->tilt_z_deg, 6);
  EXPECT_TRUE(std::get<RectangularAperture>(s[6].aperture->outline).obscures);
  EXPECT_EQ(std::get<Toroid>(s[7].shape.form).radius_x_mm, 50);
  EXPECT_THAT(std::get<Toroid>(s[7].shape.form).coefficients, ElementsAre(0, 1e-6));
  EXPECT_EQ(std::get<XyPolynomial>(s[8].shape.form).terms.size(), 2U);
  EXPECT_EQ(s[8].placement->after, Placement::After::restore);
  EXPECT_EQ(lens.image.shape.curvature, -1 / 200.0);
  EXPECT_EQ(LensBits::of(parse_lens_toml(lens_toml_from(lens), "again")), LensBits::of(lens));
}

// Numbers that are hard to print: the writer's text must give back their bits.
TEST(LensToml, AwkwardNumbersSurvive) {
  Lens lens = parse_lens_toml(with(""), "a");
  Surface& surface = lens.surfaces[0];
  for (const double value : {0.1, 1.0 / 3, -0.0, 5e-324, 1e300, 12345678901234567890.0,
                             4503599627370497.5, -1e-17, 1e15}) {
    surface.thickness_mm = value;
    surface.shape.conic = value;
    surface.shape.curvature = value < 1e9 ? value : 0.3;
    lens.title = "tab\t\"quote\" \\ \x01 \u00e4";
    EXPECT_EQ(LensBits::of(parse_lens_toml(lens_toml_from(lens), "again")), LensBits::of(lens))
        << value;
  }
  EXPECT_THAT(lens_toml_from(parse_lens_toml(with("radius_mm = 60.99547581765\n"), "a")),
              HasSubstr("radius_mm = 60.99547581765\n"));
}

TEST(LensToml, SlipsOfThePenAreErrorsWithLineAndColumn) {
  EXPECT_THAT(error_of(with("radius = 5\n")),
              AllOf(HasSubstr("a.lens.toml:9:1: unknown key 'radius'"),
                    HasSubstr("did you mean radius_mm?")));
  EXPECT_THAT(error_of(with("radius_mm = \"5\"\n")),
              HasSubstr("a.lens.toml:9:13: radius_mm is not a number"));
  EXPECT_THAT(error_of(with("stopp = true\n")), HasSubstr("did you mean stop?"));
  EXPECT_THAT(error_of(with("asphere = { r5 = 1 }\n")), HasSubstr("unknown key 'r5' in asphere"));
  EXPECT_THAT(error_of(with("asphere = { r32 = 1 }\n")), HasSubstr("unknown key 'r32'"));
  EXPECT_THAT(error_of(with("asphere = {}\nxy = {}\n")), HasSubstr("both asphere and xy"));
  EXPECT_THAT(error_of(with("q_bfs = { a = [1] }\n")),
              HasSubstr("normalization_radius_mm is missing"));
  EXPECT_THAT(error_of(with("material = 1.5\n")), HasSubstr("material is not a table"));
  EXPECT_THAT(error_of(with("material = { nd = 1.5 }\n")), HasSubstr("vd is missing"));
  EXPECT_THAT(error_of(with("material = { nd = 1.5, index = 2 }\n")),
              HasSubstr("does not go with nd"));
  EXPECT_THAT(error_of(with("radius_mm = 0\n")), HasSubstr("inf for a plane"));
  EXPECT_THAT(error_of(with("radius_mm = 5\ncurvature = 0.2\n")), HasSubstr("both radius_mm and"));
  EXPECT_THAT(error_of(with("placement = { after = \"return\" }\n")),
              HasSubstr("stay, restore or bend"));
  EXPECT_THAT(error_of(head + "[[surface]]\nstop = true\n"), HasSubstr("thickness_mm is missing"));
  EXPECT_THAT(error_of(head + "[[surface]]\nstop = 1\nthickness_mm = 1\n"),
              HasSubstr("stop is neither true nor false"));
  EXPECT_THAT(error_of(head), HasSubstr("no surfaces"));
  EXPECT_THAT(error_of("wavelengths_nm = [500]\n"), HasSubstr("[aperture] is missing"));
  EXPECT_THAT(error_of("[aperture]\nf_number = 2\nobject_na = 1\n"), HasSubstr("more than one"));
  EXPECT_THAT(error_of("[aperture]\nf_number = 2\n[field]\nangle_deg = 3\n"),
              HasSubstr("not a list"));
  EXPECT_THAT(
      error_of("wavelengths_nm = [500, 600]\n[aperture]\nf_number = 2\n[field]\nangle_deg = [0]\n"),
      HasSubstr("reference_nm is missing"));
  EXPECT_THAT(error_of("a = = b"), HasSubstr("a.lens.toml:1:"));
}

std::string refused(const Lens& lens) {
  return error_message([&] { check(lens, "L"); });
}

TEST(CheckLens, NamesWhatALensMayNotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Lens good = parse_lens_toml(with(""), "a");
  EXPECT_EQ(refused(good), "no error");
  const auto bad = [&](auto spoil) {
    Lens lens = good;
    spoil(lens);
    return refused(lens);
  };
  EXPECT_THAT(bad([](Lens& l) { l.surfaces[0].stop = false; }), HasSubstr("no stop"));
  EXPECT_THAT(bad([](Lens& l) { l.surfaces.push_back(l.surfaces[0]); }),
              HasSubstr("surface 2: is a stop, and surface 1 is one already"));
  EXPECT_THAT(bad([](Lens& l) { l.surfaces.clear(); }), HasSubstr("no surfaces"));
  EXPECT_THAT(bad([](Lens& l) { l.surfaces.resize(1001); }), HasSubstr("1001 surfaces"));
  EXPECT_THAT(bad([](Lens& l) { l.wavelengths.clear(); }), HasSubstr("no wavelengths"));
  EXPECT_THAT(bad([](Lens& l) { l.wavelengths[0].wavelength_nm = 0.5; }), HasSubstr("0.5 nm"));
  EXPECT_THAT(bad([](Lens& l) { l.wavelengths[0].weight = -1; }), HasSubstr("weight is -1"));
  EXPECT_THAT(bad([](Lens& l) { l.wavelengths[0].weight = 0; }), HasSubstr("the weight 0"));
  EXPECT_THAT(bad([](Lens& l) { l.reference_wavelength = 7; }), HasSubstr("reference wavelength"));
  EXPECT_THAT(bad([](Lens& l) { l.fields.clear(); }), HasSubstr("no fields"));
  EXPECT_THAT(bad([](Lens& l) { l.fields[0].weight = -1; }),
              HasSubstr("field 1: the weight is -1"));
  EXPECT_THAT(bad([](Lens& l) { l.fields[0].y = 90; }), HasSubstr("below 90"));
  EXPECT_THAT(bad([](Lens& l) { l.fields[0].vcy = 1; }), HasSubstr("leaves no pupil"));
  EXPECT_THAT(bad([](Lens& l) { l.field_kind = FieldKind::object_height_mm; }),
              HasSubstr("the object is at infinity"));
  EXPECT_THAT(bad([](Lens& l) { l.aperture.value = 0; }), HasSubstr("aperture is 0"));
  EXPECT_THAT(bad([](Lens& l) { l.aperture.kind = SystemAperture::Kind::object_na; }),
              HasSubstr("object NA"));
  EXPECT_THAT(bad([&](Lens& l) { l.surfaces[0].thickness_mm = nan; }),
              HasSubstr("thickness is nan"));
  EXPECT_THAT(bad([&](Lens& l) { l.surfaces[0].shape.curvature = nan; }),
              HasSubstr("curvature is nan"));
  EXPECT_THAT(bad([&](Lens& l) { l.surfaces[0].shape.form = EvenAsphere{{nan}}; }),
              HasSubstr("coefficient is nan"));
  EXPECT_THAT(bad([](Lens& l) {
                l.surfaces[0].shape.form = QBfs{0, {1}};
              }),
              HasSubstr("normalization radius is 0"));
  EXPECT_THAT(bad([](Lens& l) {
                l.surfaces[0].material = ModelGlass{0.9, 60};
              }),
              HasSubstr("nd is 0.9"));
  EXPECT_THAT(bad([](Lens& l) { l.surfaces[0].material = ConstantIndex{0.99}; }),
              HasSubstr("index is 0.99"));
  EXPECT_THAT(bad([](Lens& l) {
                l.surfaces[0].material = IndexTable{{500}, {}};
              }),
              HasSubstr("index table"));
  EXPECT_THAT(bad([](Lens& l) { l.surfaces[0].semi_diameter_mm = -1; }),
              HasSubstr("semi-diameter is -1"));
  EXPECT_THAT(bad([](Lens& l) {
                l.surfaces[0].shape.curvature = 0.5;
                l.surfaces[0].semi_diameter_mm = 2.1;
              }),
              HasSubstr("ends within the semi-diameter"));
  EXPECT_THAT(bad([](Lens& l) {
                l.surfaces[0].aperture = ClearAperture{CircularAperture{2, 1}};
              }),
              HasSubstr("no ray passes"));
  EXPECT_THAT(bad([](Lens& l) { l.object_material = Mirror{}; }), HasSubstr("is a mirror"));
  EXPECT_THAT(bad([](Lens& l) { l.temperature_c = -300; }), HasSubstr("-300"));
  EXPECT_THAT(bad([&](Lens& l) { l.object_distance_mm = nan; }),
              HasSubstr("object distance is nan"));
}

TEST(LensFiles, PathsAndSuffixes) {
  EXPECT_THROW(read_lens("/nowhere/a.lens.toml"), Error);
  EXPECT_THROW(read_lens(root), Error);
  EXPECT_THROW(read_lens(root + "/README.md"), Error);
  const Lens lens = parse_lens_toml(with(""), "a");
  const TemporaryFolder folder;
  EXPECT_THROW(write_lens(lens, folder.file("a.seq")), Error);
  for (const char* name : {"a.lens.toml", "a.ZMX"}) {
    const std::string path = folder.file(name);
    write_lens(lens, path);
    EXPECT_EQ(LensBits::of(read_lens(path)), LensBits::of(lens));
  }
  EXPECT_THROW(read_lens(folder.file("long.lens.toml", std::string(9 << 20, '\n'))), Error);
}

// The fuzzers begin with files that are read, not with ones refused at their second line.
TEST(LensFiles, TheSamplesOfTheCorpusAreRead) {
  for (const char* name : {"zmx/every_type.zmx", "zmx/little_endian.zmx", "zmx/big_endian.zmx",
                           "zmx/floating_stop.zmx", "seq/every_form.seq", "seq/threemrc.seq",
                           "optical_bench/zoom.txt"}) {
    const Lens lens = read_lens(root + "/src/optics/files/corpus/" + name);
    EXPECT_EQ(LensBits::of(parse_lens_toml(lens_toml_from(lens), "again")), LensBits::of(lens))
        << name;
  }
}

TEST(LensFiles, TooManySurfacesAreAnErrorInEveryDialect) {
  std::string toml = head, zmx = "SURF 0\n  TYPE STANDARD\n", seq = "SO 0 1e13\n",
              bench = "[lens data]\n";
  for (int i = 0; i < 1100; ++i) {
    toml += "[[surface]]\nthickness_mm = 1\n";
    zmx += "SURF 1\n";
    seq += "S 0 1\n";
    bench += std::to_string(i) + "\tInfinity\t1\n";
  }
  EXPECT_THAT(error_of(toml), HasSubstr("1100 surfaces"));
  EXPECT_THROW(parse_zmx(zmx, "a"), Error);
  EXPECT_THROW(parse_seq(seq, "a"), Error);
  EXPECT_THROW(parse_optical_bench(bench, "a"), Error);
}

}  // namespace
}  // namespace lichtbild::optics
