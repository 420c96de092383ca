#include "core/spectrum.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string_view>

#include "core/error.h"
#include "core/invariant.h"

namespace lichtbild {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t tab = std::min(line.find('\t', at), line.size());
    fields.push_back(line.substr(at, tab - at));
    at = tab + 1;
  }
  return fields;
}

struct Table {
  std::vector<std::string> names;
  std::vector<double> wavelength_nm;
  std::vector<std::vector<double>> columns;
};

void add_heading(Table& table, const std::vector<std::string_view>& fields,
                 const std::string& where) {
  if (fields.size() < 2 || fields[0] != "wavelength_nm")
    throw Error(where, "is not the heading of a table of spectra",
                "begin with wavelength_nm and a name for each column, set apart by tabs");
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const std::string name(fields[i]);
    if (name.empty()) throw Error(where, "a column has no name", "name each column");
    if (std::find(table.names.begin(), table.names.end(), name) != table.names.end())
      throw Error(where, "two columns are named " + name, "give each its own name");
    table.names.push_back(name);
  }
  table.columns.resize(table.names.size());
}

double number_of(std::string_view field, const std::string& where) {
  double number = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(number))
    throw Error(where, "'" + std::string(field.substr(0, 40)) + "' is not a finite number",
                "write a decimal number");
  return number;
}

void add_line(Table& table, const std::vector<std::string_view>& fields, const std::string& where) {
  if (fields.size() != table.names.size() + 1)
    throw Error(where,
                "has " + std::to_string(fields.size()) + " fields, the heading " +
                    std::to_string(table.names.size() + 1),
                "give each column a number");
  const double nm = number_of(fields[0], where);
  if (!table.wavelength_nm.empty() && nm <= table.wavelength_nm.back())
    throw Error(where, "wavelengths do not ascend", "sort the lines");
  table.wavelength_nm.push_back(nm);
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    table.columns[i].push_back(number_of(fields[i + 1], where));
}

Table read_table(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || std::filesystem::is_directory(path, ignored))
    throw Error(path, "cannot be read", "check the path");
  Table table;
  long number = 0;
  for (std::string line; std::getline(file, line);) {
    const std::string where = path + ":" + std::to_string(++number);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    if (table.names.empty())
      add_heading(table, fields_of(line), where);
    else
      add_line(table, fields_of(line), where);
  }
  return table;
}

}  // namespace

double integral(const Spectrum& s) {
  return std::accumulate(s.value.begin(), s.value.end(), 0.0) * Spectrum::step_nm;
}

double integral(const Spectrum& a, const Spectrum& b) {
  return std::inner_product(a.value.begin(), a.value.end(), b.value.begin(), 0.0) *
         Spectrum::step_nm;
}

Spectrum photons_per_joule() {
  constexpr double planck_j_s = 6.62607015e-34, light_m_s = 299792458;  // exact in the SI of 2019
  Spectrum photons;
  for (int i = 0; i < Spectrum::samples; ++i)
    photons[i] = Spectrum::wavelength_nm(i) * 1e-9 / (planck_j_s * light_m_s);
  return photons;
}

Spectrum resampled(std::span<const double> wavelength_nm, std::span<const double> value,
                   bool outside_zero) {
  invariant(!wavelength_nm.empty() && wavelength_nm.size() == value.size());
  Spectrum s;
  for (int i = 0; i < Spectrum::samples; ++i) {
    const double nm = Spectrum::wavelength_nm(i);
    const auto after = std::lower_bound(wavelength_nm.begin(), wavelength_nm.end(), nm);
    const auto k = static_cast<std::size_t>(after - wavelength_nm.begin());
    if (k < wavelength_nm.size() && wavelength_nm[k] == nm) {
      s[i] = value[k];
    } else if (k == 0 || k == wavelength_nm.size()) {
      s[i] = outside_zero ? 0 : value[k == 0 ? 0 : k - 1];
    } else {
      const double t = (nm - wavelength_nm[k - 1]) / (wavelength_nm[k] - wavelength_nm[k - 1]);
      s[i] = value[k - 1] + t * (value[k] - value[k - 1]);
    }
  }
  return s;
}

std::vector<NamedSpectrum> read_spectra(const std::string& path) {
  const Table table = read_table(path);
  if (table.wavelength_nm.empty())
    throw Error(path, "holds no spectra",
                "a heading and lines of wavelength_nm and values are needed");
  constexpr double last_nm = Spectrum::wavelength_nm(Spectrum::samples - 1);
  if (table.wavelength_nm.front() > last_nm || table.wavelength_nm.back() < Spectrum::first_nm)
    throw Error(path, "no wavelength lies between 380 and 780 nm", "give wavelengths in nm");
  std::vector<NamedSpectrum> spectra;
  spectra.reserve(table.names.size());
  for (std::size_t i = 0; i < table.names.size(); ++i)
    spectra.push_back({table.names[i], resampled(table.wavelength_nm, table.columns[i])});
  return spectra;
}

const Spectrum& find_spectrum(const std::vector<NamedSpectrum>& spectra, const std::string& name,
                              const std::string& path) {
  std::string names;
  for (const NamedSpectrum& s : spectra) {
    if (s.name == name) return s.spectrum;
    names += (names.empty() ? "" : ", ") + s.name;
  }
  throw Error(path, "has no spectrum named " + name, "it has " + names);
}

std::array<Spectrum, 3> read_quantum_efficiency(const std::string& path) {
  const std::vector<NamedSpectrum> table = read_spectra(path);
  for (const NamedSpectrum& column : table) {
    if (std::ranges::min(column.spectrum.value) < 0)
      throw Error(path, "a value of " + column.name + " is negative", "efficiencies are 0 or more");
    if (integral(column.spectrum) == 0)
      throw Error(path, column.name + " is 0 from 380 to 780 nm", "give it efficiencies");
  }
  Spectrum filter = Spectrum::constant(1);
  for (const NamedSpectrum& column : table)
    if (column.name == "infrared_cut") filter = column.spectrum;
  return {find_spectrum(table, "red", path) * filter, find_spectrum(table, "green", path) * filter,
          find_spectrum(table, "blue", path) * filter};
}

}  // namespace lichtbild
