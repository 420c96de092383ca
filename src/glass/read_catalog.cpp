#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>

#include "core/error.h"
#include "glass/catalog.h"

namespace lichtbild {
namespace {

// One line of the file, taken field by field from the left.
class Fields {
 public:
  Fields(std::string_view line, const std::string& file, std::size_t number)
      : rest_(line), file_(file), number_(number) {}

  std::string_view next() {
    const std::size_t end = rest_.find('\t');
    const std::string_view field = rest_.substr(0, end);
    rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 1);
    return field == "-" ? std::string_view() : field;
  }

  // The numbers of the next field; none where it says that they are not known.
  const std::vector<double>& numbers() {
    numbers_.clear();
    const std::string_view field = next();
    const char *at = field.data(), *end = at + field.size();
    while (at != end) {
      double value = 0;
      const auto [stop, error] = std::from_chars(at, end, value);
      if (error != std::errc()) fail(field);
      numbers_.push_back(value);
      at = stop;
      if (at == end) break;
      if (*at != ' ') fail(field);
      ++at;
    }
    return numbers_;
  }

  std::optional<double> number() {
    const std::vector<double>& found = numbers();
    return found.empty() ? std::nullopt : std::optional(found[0]);
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("{}:{}", file_, number_),
                fmt::format("'{}' does not belong here", what),
                "restore the file that was installed");
  }

 private:
  std::string_view rest_;
  const std::string& file_;
  std::size_t number_;
  std::vector<double> numbers_;
};

Formula formula_by_name(const Fields& fields, std::string_view name) {
  const auto formula = formula_from_name(name);
  if (!formula) fields.fail(name);
  return *formula;
}

std::optional<ThermalDispersion> thermal_dispersion(const std::vector<double>& d,
                                                    double reference_c) {
  if (d.size() < 6) return std::nullopt;
  return ThermalDispersion{d[0], d[1], d[2], d[3], d[4], d[5], d.size() > 6 ? d[6] : reference_c};
}

struct Maker {
  std::string name;
  double reference_c = 20;
};

Glass read_glass(Fields& fields, const Maker& maker,
                 const std::map<int, std::vector<double>>& grids) {
  Glass glass;
  glass.maker = maker.name;
  glass.name = fields.next();
  glass.dispersion.formula = formula_by_name(fields, fields.next());
  glass.dispersion.coefficients = fields.numbers();
  if (const auto& range = fields.numbers(); range.size() == 2)
    glass.shortest_um = range[0], glass.longest_um = range[1];
  const auto nd = fields.number(), vd = fields.number();
  glass.nd = nd ? *nd : index(glass, line_d_um);
  glass.vd = vd ? *vd : abbe_number(glass);
  glass.dpgf = fields.number();
  glass.thermal = thermal_dispersion(fields.numbers(), maker.reference_c);
  glass.cte_per_k = fields.number();
  if (const auto density_kg_m3 = fields.number()) glass.density_g_cm3 = *density_kg_m3 / 1000;
  glass.status = fields.next();
  const auto grid = fields.number();
  const std::vector<double>& extinction = fields.numbers();
  if (!grid) return glass;
  const auto wavelengths = grids.find(static_cast<int>(*grid));
  if (wavelengths == grids.end() || wavelengths->second.size() != extinction.size())
    fields.fail("grid");
  glass.absorption.reserve(extinction.size());
  for (std::size_t i = 0; i < extinction.size(); ++i) {
    const double wavelength_um = wavelengths->second[i];
    glass.absorption.push_back(
        {wavelength_um, 4 * std::numbers::pi * extinction[i] / (wavelength_um * 1e-3)});
  }
  return glass;
}

std::vector<Glass> parse(std::string_view text, const std::string& file) {
  std::vector<Glass> glasses;
  std::map<int, std::vector<double>> grids;
  Maker maker;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    Fields fields(text.substr(0, end), file, number);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view kind = fields.next();
    if (kind.starts_with('#')) continue;
    if (kind == "maker") {
      maker.name = fields.next();
      maker.reference_c = fields.number().value_or(20);
    } else if (kind == "grid") {
      const auto grid = static_cast<int>(fields.number().value_or(0));
      grids[grid] = fields.numbers();
    } else if (kind == "glass") {
      glasses.push_back(read_glass(fields, maker, grids));
    } else {
      fields.fail(kind);
    }
  }
  return glasses;
}

}  // namespace

Catalog read_catalog(const std::string& glass_folder) {
  const std::string path = glass_folder + "/catalog.tsv";
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "cannot be read", "restore the file that was installed");
  std::ostringstream text;
  text << file.rdbuf();
  Catalog catalog;
  catalog.add(parse(text.view(), path));
  catalog.added_ = 0;
  return catalog;
}

}  // namespace lichtbild
