#include <algorithm>

#include "optics/analysis/zernike.h"
#include "optics/report/page.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

constexpr std::size_t most_columns = 8;

std::string tables(const System& system, const Analysis& analysis, const std::string& caption,
                   std::vector<double> FieldAnalysis::*coefficients, ZernikeIndex (*index)(int),
                   std::size_t most_terms) {
  std::size_t terms = 0;
  for (const FieldAnalysis& f : analysis.fields) terms = std::max(terms, (f.*coefficients).size());
  terms = std::min(terms, most_terms);
  if (terms == 0) return paragraph(caption + ": " + not_computed);
  std::string out;
  for (std::size_t first = 0; first < analysis.fields.size(); first += most_columns) {
    const std::size_t last = std::min(first + most_columns, analysis.fields.size());
    Table table{.caption = caption, .head = {"term", ""}, .rows = {}};
    for (std::size_t f = first; f < last; ++f)
      table.head.push_back(field_label(system.lens, analysis.fields[f].field));
    for (std::size_t term = 0; term < terms; ++term) {
      std::vector<std::string> row{"Z" + std::to_string(term + 1),
                                   zernike_name(index(int(term) + 1))};
      for (std::size_t f = first; f < last; ++f) {
        const auto& values = analysis.fields[f].*coefficients;
        row.push_back(term < values.size() ? fixed(values[term], 4) : "–");
      }
      table.rows.push_back(std::move(row));
    }
    out += html(table);
  }
  return out;
}

}  // namespace

std::string zernike_section(const System& system, const Analysis& analysis) {
  return section(
      "zernike", "Zernike coefficients",
      paragraph("Waves at the reference wavelength.") +
          tables(system, analysis, "Fringe", &FieldAnalysis::zernike_fringe, fringe, 37) +
          tables(system, analysis, "Standard (Noll)", &FieldAnalysis::zernike_standard, noll, 37),
      true);
}

}  // namespace lichtbild::optics::report
