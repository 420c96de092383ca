#include "optics/report/report.h"

#include "optics/report/page.h"
#include "optics/report/sections.h"

namespace lichtbild::optics {

std::string html_report(const System& system, const Analysis& analysis,
                        const ReportOptions& options) {
  using namespace report;
  std::string body = title_block(system, analysis);
  body += layout_section(system);
  body += first_order_section(system, analysis);
  body += field_table_section(system, analysis);
  body += prescription_section(system, options);
  body += seidel_section(system, analysis);
  body += ray_fan_section(system, analysis);
  body += wavefront_fan_section(system, analysis);
  body += spot_section(system, analysis);
  body += classical_section(system, analysis);
  body += lateral_color_section(system, analysis);
  body += illumination_section(system, analysis);
  body += mtf_section(system, analysis);
  body += psf_section(system, analysis);
  body += footprint_section(system, analysis);
  body += zernike_section(system, analysis);
  body += ghost_section(system, analysis, options);
  return page(system.lens.title.empty() ? "Untitled lens" : system.lens.title, body);
}

}  // namespace lichtbild::optics
