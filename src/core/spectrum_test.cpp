#include "core/spectrum.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/temporary_folder.h"

namespace lichtbild {
namespace {

TEST(Spectrum, IntegralsAreSumsTimesTheStep) {
  EXPECT_DOUBLE_EQ(integral(Spectrum::constant(2)), 2 * 81 * 5);
  // A bell well inside the range: its sum over an even grid is its integral, 10 sqrt(2 pi) (the
  // error of the trapezoidal rule falls as exp(-2 pi^2 sigma^2 / step^2)).
  Spectrum bell, ramp;
  for (int i = 0; i < Spectrum::samples; ++i) {
    const double x = (Spectrum::wavelength_nm(i) - 580) / 10;
    bell[i] = std::exp(-x * x / 2);
    ramp[i] = Spectrum::wavelength_nm(i);
  }
  EXPECT_NEAR(integral(bell), 10 * std::sqrt(2 * M_PI), 1e-9);
  EXPECT_NEAR(integral(bell, ramp), 580 * 10 * std::sqrt(2 * M_PI), 1e-6);
  EXPECT_DOUBLE_EQ(integral(bell * ramp), integral(bell, ramp));
  EXPECT_DOUBLE_EQ(integral(2 * bell + ramp), 2 * integral(bell) + integral(ramp));
}

TEST(Spectrum, PhotonsOfAJoule) {
  // Lighting's rule of thumb: a lumen (1/683 W) at 555 nm is 4.09e15 photons a second.
  EXPECT_NEAR(photons_per_joule()[(555 - 380) / 5] / 683, 4.09e15, 0.005e15);
}

TEST(Spectrum, ResamplingKeepsStraightLines) {
  const double nm[] = {400, 433, 700}, value[] = {4.00, 4.33, 7.00};
  const Spectrum s = resampled(nm, value), zero = resampled(nm, value, true);
  for (int i = 0; i < Spectrum::samples; ++i) {
    const double at = Spectrum::wavelength_nm(i);
    EXPECT_NEAR(s[i], std::clamp(at, 400.0, 700.0) / 100, 1e-12) << at;
    EXPECT_NEAR(zero[i], at < 400 || at > 700 ? 0 : at / 100, 1e-12) << at;
  }
}

TEST(Spectrum, TablesAreRead) {
  const TemporaryFolder folder;
  const std::string path = folder.file(
      "spectra.tsv",
      "# SOURCE: a test\n\nwavelength_nm\tdark skin\tsky\r\n380\t0.5\t1e-1\r\n780\t1.5\t0.1\r\n");
  const std::vector<NamedSpectrum> spectra = read_spectra(path);
  ASSERT_EQ(spectra.size(), 2u);
  EXPECT_EQ(spectra[0].name, "dark skin");
  EXPECT_DOUBLE_EQ(spectra[0].spectrum[40], 1.0);
  EXPECT_DOUBLE_EQ(find_spectrum(spectra, "sky", path)[7], 0.1);
}

std::string refusal(const std::string& text) {
  const TemporaryFolder folder;
  try {
    read_spectra(folder.file("spectra.tsv", text));
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Spectrum, WhatIsNoTableIsRefusedAtItsLine) {
  using testing::HasSubstr;
  const std::string heading = "wavelength_nm\ta\tb\n";
  EXPECT_THAT(refusal(""), HasSubstr("no spectra"));
  EXPECT_THAT(refusal(heading), HasSubstr("no spectra"));
  EXPECT_THAT(refusal("nm,a,b\n1,2,3\n"), HasSubstr("spectra.tsv:1: is not the heading"));
  EXPECT_THAT(refusal("wavelength_nm\ta\ta\n"), HasSubstr("two columns are named a"));
  EXPECT_THAT(refusal(heading + "400\t1\n"), HasSubstr(":2: has 2 fields, the heading 3"));
  EXPECT_THAT(refusal(heading + "400\t1\t\n"), HasSubstr(":2: '' is not a finite number"));
  EXPECT_THAT(refusal(heading + "400\t1\tnan\n"), HasSubstr("'nan' is not a finite number"));
  EXPECT_THAT(refusal(heading + "400\t1\t1e999\n"), HasSubstr("is not a finite number"));
  EXPECT_THAT(refusal(heading + "400\t1\t2x\n"), HasSubstr("'2x' is not a finite number"));
  EXPECT_THAT(refusal(heading + "400\t1\t2\n400\t1\t2\n"), HasSubstr(":3: wavelengths do not"));
  EXPECT_THAT(refusal(heading + "0.4\t1\t2\n0.7\t1\t2\n"), HasSubstr("380 and 780 nm"));
  const TemporaryFolder folder;
  EXPECT_THROW(read_spectra(folder.path()), Error);
  EXPECT_THROW(read_spectra(folder.file("none.tsv")), Error);
}

TEST(Spectrum, FiltersAreMultipliedWithEfficiencies) {
  const std::string heading = "wavelength_nm\tblue\tgreen\tred";
  const TemporaryFolder folder;
  const auto written = [&](const std::string& text) {
    return folder.file("efficiencies.tsv", text);
  };
  const auto qe = read_quantum_efficiency(
      written(heading + "\tinfrared_cut\n380\t0.1\t0.2\t0.4\t0.5\n780\t0.1\t0.2\t0.4\t0\n"));
  EXPECT_DOUBLE_EQ(qe[0][0], 0.2);
  EXPECT_DOUBLE_EQ(qe[1][40], 0.05);
  EXPECT_DOUBLE_EQ(qe[2][80], 0);
  EXPECT_DOUBLE_EQ(read_quantum_efficiency(written(heading + "\n500\t0.1\t0.2\t0.4\n"))[0][0], 0.4);
  EXPECT_THROW(read_quantum_efficiency(written(heading + "\n500\t0.1\t-0.2\t0.4\n")), Error);
  EXPECT_THROW(read_quantum_efficiency(written(heading + "\n500\t0.1\t0.2\t0\n")), Error);
  EXPECT_THROW(read_quantum_efficiency(written("wavelength_nm\tred\tgreen\n500\t1\t1\n")), Error);
}

TEST(Spectrum, AnUnknownNameIsToldWithThoseThatThereAre) {
  const std::vector<NamedSpectrum> spectra{{"A", {}}, {"D65", {}}};
  try {
    find_spectrum(spectra, "D66", "lights.tsv");
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "lights.tsv: has no spectrum named D66; it has A, D65");
  }
}

}  // namespace
}  // namespace lichtbild
