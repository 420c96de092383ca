#include <algorithm>
#include <array>
#include <cmath>

#include "optics/report/page.h"
#include "optics/report/palette.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

constexpr double um_per_mm = 1000;

struct Term {
  const char* name;
  double SeidelTerms::*value;
};
constexpr std::array<Term, 7> terms = {{{"S1 spherical", &SeidelTerms::s1},
                                        {"S2 coma", &SeidelTerms::s2},
                                        {"S3 astigmatism", &SeidelTerms::s3},
                                        {"S4 Petzval", &SeidelTerms::s4},
                                        {"S5 distortion", &SeidelTerms::s5},
                                        {"C1 axial color", &SeidelTerms::c1},
                                        {"C2 lateral color", &SeidelTerms::c2}}};

struct Group {
  std::string label;
  SeidelTerms terms;
};

// Bars stand on zero, seven to a group; every other group is shaded.
std::string bars(const std::vector<Group>& groups, Range range) {
  const Plot plot{.title = "",
                  .x = {"", {0, double(groups.size())}, 1, false},
                  .y = rounded_axis("wavefront coefficient (µm)", range, 8),
                  .curves = {{{0, double(groups.size())}, {0, 0}, {"#555555", 0.8, ""}}}};
  constexpr double label_height = 18;
  const Box box{0, 0, page_width, 250};
  Svg svg(box.width, box.height + label_height, "Seidel terms of the surfaces");
  const Box frame = frame_in(plot, box);
  const double group_width = frame.width / double(groups.size());
  for (std::size_t g = 1; g < groups.size(); g += 2)
    svg.fill({frame.x + double(g) * group_width, frame.y, group_width, frame.height}, "#F3F3F3");
  draw(svg, plot, box);
  const double bar = std::min(14.0, 0.8 * group_width / double(terms.size()));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double middle = frame.x + (double(g) + 0.5) * group_width;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const double value = um_per_mm * (groups[g].terms.*terms[t].value);
      if (!std::isfinite(value)) continue;
      const double zero = place_in(plot, frame, 0, 0).y, end = place_in(plot, frame, 0, value).y;
      svg.fill({middle + (double(t) - 3.5) * bar, std::min(zero, end), bar, std::abs(end - zero)},
               color_of(int(t)));
    }
    svg.text({middle, frame.bottom() + 16}, groups[g].label, {.anchor = TextStyle::Anchor::middle});
  }
  return svg.str();
}

std::vector<std::string> row(const std::string& label, const SeidelTerms& values) {
  std::vector<std::string> cells{label};
  for (const Term& term : terms) {
    const double um = um_per_mm * (values.*term.value);
    cells.push_back(std::abs(um) >= 1e5 ? significant(um, 6) : fixed(um, 3));
  }
  return cells;
}

}  // namespace

std::string seidel_section(const System&, const Analysis& analysis) {
  const Seidel& seidel = analysis.seidel;
  if (seidel.surfaces.empty()) return section("seidel", "Seidel sums", paragraph(not_computed));
  std::vector<Group> groups;
  Range range{0, 0};
  Table table{.caption = "", .head = {"surface"}, .rows = {}, .sum_row = true};
  for (const Term& term : terms) table.head.emplace_back(term.name);
  for (std::size_t i = 0; i < seidel.surfaces.size(); ++i) {
    const std::string label = std::to_string(i + 1);
    const SeidelTerms& values = seidel.surfaces[i];
    const bool adds_nothing = std::all_of(terms.begin(), terms.end(), [&values](const Term& term) {
      return values.*term.value == 0;
    });
    if (adds_nothing) continue;
    groups.push_back({label, values});
    table.rows.push_back(row(label, values));
  }
  groups.push_back({"sum", seidel.sum});
  table.rows.push_back(row("sum", seidel.sum));
  for (const Group& group : groups)
    for (const Term& term : terms)
      if (const double um = um_per_mm * (group.terms.*term.value); std::isfinite(um))
        range = united(range, {um, um});
  std::vector<LegendEntry> entries;
  entries.reserve(terms.size());
  for (std::size_t t = 0; t < terms.size(); ++t)
    entries.push_back({terms[t].name, {color_of(int(t)), 8, ""}});
  std::string drawings;
  constexpr std::size_t most_groups = 24;
  for (std::size_t first = 0; first < groups.size(); first += most_groups) {
    const auto last = std::min(first + most_groups, groups.size());
    drawings += figure(bars({groups.begin() + long(first), groups.begin() + long(last)}, range));
  }
  return section("seidel", "Seidel sums",
                 paragraph("In µm of wavefront: W040 = S1/8, W131 = S2/2, W222 = S3/2, "
                           "W220 = (S3 + S4)/4, W311 = S5/2 at the edge of pupil and field. C1, "
                           "C2: shortest to longest wavelength. Surfaces that add nothing are "
                           "left out.") +
                     legend(entries) + drawings + html(table),
                 true);
}

}  // namespace lichtbild::optics::report
