// Spectrum: a quantity over wavelength on one common grid, 380, 385, ... 780 nm: reflectances,
// lights, sensitivities, color matching functions.
//
// Integrals are sums times the step (CIE 15: 5 nm suffice for colorimetry). Files hold tables of
// them: lines of wavelength_nm and one column for each name, tab-separated, `#` before comments.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

namespace lichtbild {

struct Spectrum {
  static constexpr int samples = 81;
  static constexpr double first_nm = 380, step_nm = 5;
  static constexpr double wavelength_nm(int i) { return first_nm + step_nm * i; }

  std::array<double, samples> value{};

  static Spectrum constant(double v) {
    Spectrum s;
    s.value.fill(v);
    return s;
  }
  double operator[](int i) const { return value[i]; }
  double& operator[](int i) { return value[i]; }

  friend Spectrum operator*(Spectrum a, const Spectrum& b) {
    for (int i = 0; i < samples; ++i) a.value[i] *= b.value[i];
    return a;
  }
  friend Spectrum operator*(double s, Spectrum a) {
    for (double& v : a.value) v *= s;
    return a;
  }
  friend Spectrum operator+(Spectrum a, const Spectrum& b) {
    for (int i = 0; i < samples; ++i) a.value[i] += b.value[i];
    return a;
  }
};

double integral(const Spectrum& s);                     // over nm
double integral(const Spectrum& a, const Spectrum& b);  // of the product

// Photons of a joule at each wavelength, l / (h c). Lights are given in power: a quantum efficiency
// (electrons per photon) times this is the response to it.
Spectrum photons_per_joule();

// Between the given wavelengths (ascending) by straight lines; beyond them the last value, or zero
// with `outside_zero`.
Spectrum resampled(std::span<const double> wavelength_nm, std::span<const double> value,
                   bool outside_zero = false);

struct NamedSpectrum {
  std::string name;
  Spectrum spectrum;
};

// A table of spectra, in the order of its columns. Throws Error{path:line, ...} for what is no
// table, for wavelengths that do not ascend and for values that are not finite.
std::vector<NamedSpectrum> read_spectra(const std::string& path);

// The one of a name; Error lists the names that there are.
const Spectrum& find_spectrum(const std::vector<NamedSpectrum>& spectra, const std::string& name,
                              const std::string& path);

// A camera's table: electrons per photon of red, green and blue, each times `infrared_cut` where
// the table has it. Throws Error for negative values too.
std::array<Spectrum, 3> read_quantum_efficiency(const std::string& path);

}  // namespace lichtbild
