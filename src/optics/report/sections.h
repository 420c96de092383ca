// The sections of the report, in its order; each is a piece of HTML.
#pragma once

#include <string>
#include <vector>

#include "optics/report/plot.h"
#include "optics/report/report.h"

namespace lichtbild::optics::report {

// ---- The lens (lens_sections.cpp) ---------------------------------------------------------------
std::string title_block(const System& system, const Analysis& analysis);
std::string layout_section(const System& system);
std::string first_order_section(const System& system, const Analysis& analysis);
std::string prescription_section(const System& system, const ReportOptions& options);

// ---- Third order (seidel_section.cpp) -----------------------------------------------------------
std::string seidel_section(const System& system, const Analysis& analysis);

// ---- Rays (ray_sections.cpp, spot_section.cpp)
// ----------------------------------------------------
std::string ray_fan_section(const System& system, const Analysis& analysis);
std::string wavefront_fan_section(const System& system, const Analysis& analysis);
std::string spot_section(const System& system, const Analysis& analysis);
std::string footprint_section(const System& system, const Analysis& analysis);

// ---- Over the field (field_sections.cpp) --------------------------------------------------------
std::string field_table_section(const System& system, const Analysis& analysis);
std::string classical_section(const System& system, const Analysis& analysis);
std::string lateral_color_section(const System& system, const Analysis& analysis);
std::string illumination_section(const System& system, const Analysis& analysis);

// ---- Diffraction (mtf_section.cpp, psf_section.cpp, zernike_section.cpp)
// --------------------------
std::string mtf_section(const System& system, const Analysis& analysis);
std::string psf_section(const System& system, const Analysis& analysis);
std::string zernike_section(const System& system, const Analysis& analysis);

// ---- Ghosts (ghost_section.cpp) -----------------------------------------------------------------
std::string ghost_section(const System& system, const Analysis& analysis,
                          const ReportOptions& options);

// ---- What several of them say (labels.cpp)
// --------------------------------------------------------
std::string field_unit(const Lens& lens);                       // "°" or "mm"
std::string field_axis_label(const Lens& lens);                 // "field angle (°)", ...
std::string field_label(const Lens& lens, const Field& field);  // "14.0°", "(3, 4) mm"
std::string airy_text(double radius_um);
double airy_radius_um(const System& system, const Analysis& analysis);  // of the reference
std::vector<LegendEntry> wavelength_legend(const System& system);
const char* color_of_wavelength(const System& system, double wavelength_nm);

inline constexpr const char* untraced = "no ray of this field reaches the image";
inline constexpr const char* not_computed = "not computed";

}  // namespace lichtbild::optics::report
