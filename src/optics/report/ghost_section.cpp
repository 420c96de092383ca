#include <algorithm>

#include "optics/report/page.h"
#include "optics/report/sections.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {

std::string ghost_section(const System&, const Analysis& analysis, const ReportOptions& options) {
  if (analysis.ghosts.empty())
    return section("ghosts", "Ghosts of two reflections", paragraph("none, or not computed"));
  Table table{.caption = "",
              .head = {"rank", "reflected at", "then at", "energy", "RMS radius (mm)", "irradiance",
                       "focus from image (mm)", ""},
              .rows = {},
              .text_columns = 1};
  const std::size_t count =
      std::min(analysis.ghosts.size(), std::size_t(std::max(0, options.most_ghosts)));
  constexpr double mm_per_um = 0.001;
  for (std::size_t i = 0; i < count; ++i) {
    const Ghost& g = analysis.ghosts[i];
    table.rows.push_back({std::to_string(i + 1), std::to_string(g.first + 1),
                          std::to_string(g.second + 1), significant(g.energy, 3),
                          significant(mm_per_um * g.rms_spot_radius_um, 3),
                          significant(g.irradiance, 3), significant(g.focus_distance_mm, 4),
                          g.at_pupil ? "veil" : ""});
  }
  return section("ghosts", "Ghosts of two reflections",
                 paragraph("From a point on axis; energy relative to the image's light, irradiance "
                           "to that of the Airy disk, by which they are ranked. Veil: the light "
                           "fills more than half of the image.") +
                     html(table) +
                     (count < analysis.ghosts.size()
                          ? paragraph(std::to_string(analysis.ghosts.size() - count) +
                                      " weaker ones are left out.")
                          : ""));
}

}  // namespace lichtbild::optics::report
