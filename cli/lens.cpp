// lichtbild lens: what a lens file holds, does, and is worth.
#include <fmt/core.h>

#include <cmath>

#include "cli/lens_json.h"
#include "cli/lens_profile.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "optics/aim.h"
#include "optics/analysis/arrivals.h"
#include "optics/clear_radii.h"
#include "optics/files/lens_files.h"
#include "optics/placement.h"
#include "optics/report/report.h"

namespace lichtbild::cli {
namespace {

using namespace optics;

struct LensArguments {
  std::string lens;
  std::vector<std::string> catalogs;
  bool json = false;

  void add_to(CLI::App& verb) {
    verb.add_option("LENS", lens, "a .lens.toml, .zmx, .seq or OpticalBench .txt file")->required();
    verb.add_option("--catalog", catalogs, "AGF file of glasses, searched before the shipped ones");
    verb.add_flag("--json", json, "one JSON object on stdout");
  }
  Catalog catalog() const {
    Catalog glasses = read_catalog(data_folder() + "/glass");
    for (const std::string& file : catalogs) glasses.add_agf(file);
    return glasses;
  }
  System system(const Catalog& glasses, const std::function<void(Lens&)>& change = {}) const {
    Lens read = read_lens(lens);
    if (change) change(read);
    return make_system(read, glasses, lens);
  }
};

// ---- show
// -----------------------------------------------------------------------------------------

std::string material_text(const Material& material) {
  struct Name {
    std::string operator()(const Air&) const { return ""; }
    std::string operator()(const Mirror&) const { return "mirror"; }
    std::string operator()(const NamedGlass& m) const { return m.name; }
    std::string operator()(const ModelGlass& m) const {
      return fmt::format("{:g}/{:g}", m.nd, m.vd);
    }
    std::string operator()(const ConstantIndex& m) const { return fmt::format("{:g}", m.index); }
    std::string operator()(const IndexTable&) const { return "table"; }
  };
  return std::visit(Name{}, material);
}

void print_first_order(const System& system) {
  const FirstOrder& f = system.paraxial();
  fmt::print("  focal length          {:12.6g} mm\n", f.efl_mm);
  fmt::print("  back, front focus     {:12.6g} mm, {:.6g} mm\n", f.bfl_mm, f.ffl_mm);
  fmt::print("  f-number, working     {:12.5g}, {:.5g}\n", f.f_number, f.paraxial_working_f_number);
  fmt::print("  track                 {:12.6g} mm\n", f.total_track_mm);
  fmt::print("  image distance        {:12.6g} mm paraxial\n", f.paraxial_image_distance_mm);
  fmt::print("  image height          {:12.6g} mm paraxial\n", f.paraxial_image_height_mm);
  fmt::print(
      "  principal planes      {:12.6g} mm from the first, {:.6g} mm from the last surface\n",
      f.front_principal_plane_mm, f.rear_principal_plane_mm);
  fmt::print("  entrance pupil        {:12.6g} mm from the first surface, {:.6g} mm across\n",
             f.entrance.position_mm, f.entrance.diameter_mm);
  fmt::print("  exit pupil            {:12.6g} mm from the last surface, {:.6g} mm across\n",
             f.exit.position_mm, f.exit.diameter_mm);
}

void show(const LensArguments& arguments) {
  const System system = arguments.system(arguments.catalog());
  if (arguments.json) {
    fmt::print("{}\n", cli::to_json(system).dump(2));
    return;
  }
  fmt::print("{}\n", system.lens.title.empty() ? arguments.lens : system.lens.title);
  if (!system.lens.source.empty()) fmt::print("  {}\n", system.lens.source);
  fmt::print("\n  {:>4} {:>13} {:>12} {:>16} {:>9} {:>11} {:>10}  {}\n", "", "radius mm",
             "thickness mm", "material", "index", "semi-dia mm", "conic", "");
  for (int i = 0; i <= system.image(); ++i) {
    const Surface& s = system.surface(i);
    const double c = s.shape.curvature;
    std::string remarks = s.stop ? "stop " : "";
    if (i == system.image()) remarks = "image ";
    if (!std::holds_alternative<Conic>(s.shape.form)) remarks += "asphere ";
    if (s.placement) remarks += "moved ";
    fmt::print("  {:>4} {:>13} {:>12} {:>16} {:>9} {:>11} {:>10}  {}{}\n", i + 1,
               c == 0 ? "plane" : fmt::format("{:.6g}", 1 / c),
               i == system.image() ? "" : fmt::format("{:.6g}", s.thickness_mm),
               material_text(s.material),
               system.path()[i].index == 1 ? "" : fmt::format("{:.6f}", system.path()[i].index),
               s.semi_diameter_mm ? fmt::format("{:.5g}", *s.semi_diameter_mm) : "",
               s.shape.conic == 0 ? "" : fmt::format("{:.6g}", s.shape.conic), remarks, s.label);
  }
  fmt::print("\n");
  print_first_order(system);
  for (const std::string& note : system.notes) fmt::print("  note: {}\n", note);
}

// ---- trace
// ----------------------------------------------------------------------------------------

struct TraceArguments {
  LensArguments lens;
  std::vector<double> field{0, 0}, pupil{0, 0};
  double wavelength_nm = 0;
  bool global = false;
  std::string aiming = "stop";
};

void trace_one(const TraceArguments& arguments) {
  int wavelength = -1;
  const System system = arguments.lens.system(arguments.lens.catalog(), [&](Lens& lens) {
    if (arguments.wavelength_nm <= 0) return;
    for (int i = 0; i < int(lens.wavelengths.size()); ++i)
      if (std::abs(lens.wavelengths[i].wavelength_nm - arguments.wavelength_nm) < 1e-6)
        wavelength = i;
    if (wavelength >= 0) return;
    wavelength = int(lens.wavelengths.size());
    lens.wavelengths.push_back({arguments.wavelength_nm, 0});
  });
  if (wavelength < 0) wavelength = system.reference();
  const double largest = largest_field(system.lens);
  Field field;
  field.x = arguments.field[0] * largest;
  field.y = arguments.field[1] * largest;
  const Aiming aiming = arguments.aiming == "paraxial" ? Aiming::paraxial
                        : arguments.aiming == "chief"  ? Aiming::chief
                                                       : Aiming::stop;
  const Bundle bundle(system, field, wavelength, aiming);
  auto ray = bundle.launch({arguments.pupil[0], arguments.pupil[1]});
  std::vector<Hit<double>> hits;
  std::string status = "not_aimed";
  if (ray) {
    // Paths count from the object, or from the first vertex's tangent plane.
    if (system.object_at_infinity())
      ray->position = ray->position + (-ray->position.z / ray->direction.z) * ray->direction;
    status = name(trace(system.paths[wavelength], *ray, &hits).status);
  }
  const std::vector<Frame> frame = frames(system.path());
  nlohmann::ordered_json out = {
      {"status", status},
      {"wavelength_nm", system.lens.wavelengths[wavelength].wavelength_nm},
      {"surfaces", nlohmann::ordered_json::array()}};
  if (!arguments.lens.json)
    fmt::print("status {}\n{:>4} {:>14} {:>14} {:>14} {:>12} {:>12} {:>12} {:>14}\n", status, "",
               "x mm", "y mm", "z mm", "l", "m", "n", "path mm");
  for (std::size_t i = 0; i < hits.size(); ++i) {
    Vec3<double> p = hits[i].position, d = hits[i].direction;
    if (arguments.global) {
      p = frame[i].to_global(p);
      d = frame[i].rotation.to_fixed(d);
    }
    if (arguments.lens.json)
      out["surfaces"].push_back({{"index", i + 1},
                                 {"x_mm", p.x},
                                 {"y_mm", p.y},
                                 {"z_mm", p.z},
                                 {"l", d.x},
                                 {"m", d.y},
                                 {"n", d.z},
                                 {"opl_mm", hits[i].optical_path}});
    else
      fmt::print("{:>4} {:>14.9f} {:>14.9f} {:>14.9f} {:>12.9f} {:>12.9f} {:>12.9f} {:>14.9f}\n",
                 i + 1, p.x, p.y, p.z, d.x, d.y, d.z, hits[i].optical_path);
  }
  if (arguments.lens.json) fmt::print("{}\n", out.dump(2));
}

// ---- analyze
// --------------------------------------------------------------------------------------

struct AnalyzeArguments {
  LensArguments lens;
  AnalysisOptions options;
  std::string report;
  int fields = 0;
  bool bare = false;
};

void spread_fields(Lens& lens, int count) {
  std::vector<Field> spread(count);
  for (int i = 0; i < count; ++i)
    spread[i] = field_at(lens, count == 1 ? 0 : double(i) / (count - 1));
  lens.fields = std::move(spread);
}

void print_fields(const Analysis& a, const char* unit) {
  fmt::print("\n  {:>10} {:>10} {:>9} {:>11} {:>10} {:>10} {:>12}\n", fmt::format("field {}", unit),
             "height mm", "angle deg", "distortion", "spot um", "waves rms", "illumination");
  for (const FieldAnalysis& f : a.fields) {
    const double field = std::hypot(f.field.x, f.field.y);
    if (!f.traced)
      fmt::print("  {:>10.4g} the chief ray does not arrive\n", field);
    else
      fmt::print("  {:>10.4g} {:>10.5g} {:>9.4g} {:>9.3f} % {:>10.4g} {:>10.4f} {:>10.1f} %\n",
                 field, f.chief_ray_height_mm, f.chief_ray_angle_deg, f.distortion_percent,
                 f.rms_spot_radius_um, f.rms_wavefront_waves, 100 * f.relative_illumination);
  }
}

// Not one of the aperture's rays on axis arrives: nothing can be said about such a lens.
void require_light(const System& system, const std::string& where) {
  const Bundle axis(system, {}, system.reference());
  for (const PupilPoint& p : pupil_quadrature(6, 8).points) {
    const auto ray = axis.launch(p);
    if (ray && trace(system.path(), *ray).status == RayStatus::ok) return;
  }
  throw Error(where, "no ray of its aperture passes on axis",
              "check the aperture's size, the stop and the semi-diameters");
}

void run_analyze(AnalyzeArguments arguments) {
  const Catalog catalog = arguments.lens.catalog();
  const System system = arguments.lens.system(catalog, [&](Lens& read) {
    if (arguments.fields > 0) spread_fields(read, arguments.fields);
  });
  arguments.options.coated = !arguments.bare;
  require_light(system, arguments.lens.lens);
  const Analysis analysis = [&] {
    ProgressLine line(arguments.lens.lens);
    arguments.options.progress = [&](double share) { line.show("analyzing", share); };
    return analyze(system, arguments.options);
  }();
  if (!arguments.report.empty())
    write_file(arguments.report,
               html_report(with_clear_radii(system), analysis, {.catalog = &catalog}));
  if (arguments.lens.json) {
    fmt::print("{}\n", cli::to_json(system, analysis).dump(2));
    return;
  }
  fmt::print("{}\n\n", system.lens.title.empty() ? arguments.lens.lens : system.lens.title);
  print_first_order(system);
  print_fields(analysis, system.lens.field_kind == FieldKind::angle_deg ? "deg" : "mm");
  const SeidelTerms& s = analysis.seidel.sum;
  fmt::print(
      "\n  Seidel mm   S1 {:.5g}  S2 {:.5g}  S3 {:.5g}  S4 {:.5g}  S5 {:.5g}  C1 {:.5g}  C2 "
      "{:.5g}\n",
      s.s1, s.s2, s.s3, s.s4, s.s5, s.c1, s.c2);
  fmt::print("  color       axial {:.4g} mm, lateral {:.4g} um\n", analysis.axial_color_mm,
             analysis.lateral_color_um);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, analysis.ghosts.size()); ++i)
    fmt::print("  ghost {}-{}   energy {:.2g}, spot {:.3g} um rms\n", analysis.ghosts[i].first + 1,
               analysis.ghosts[i].second + 1, analysis.ghosts[i].energy,
               analysis.ghosts[i].rms_spot_radius_um);
  for (const std::string& note : analysis.notes) fmt::print("  note: {}\n", note);
  if (!arguments.report.empty()) fmt::print("\nThe report is {}.\n", arguments.report);
}

// ---- The verbs
// ------------------------------------------------------------------------------------

void add_show(CLI::App& lens) {
  auto arguments = std::make_shared<LensArguments>();
  CLI::App* verb = lens.add_subcommand("show", "The prescription and its first-order properties.");
  arguments->add_to(*verb);
  verb->callback([arguments] { show(*arguments); });
}

void add_trace(CLI::App& lens) {
  auto arguments = std::make_shared<TraceArguments>();
  CLI::App* verb = lens.add_subcommand("trace", "One real ray, surface by surface.");
  arguments->lens.add_to(*verb);
  verb->add_option("--field", arguments->field,
                   "HX,HY: share of the largest field; of angular fields the angle is scaled")
      ->expected(2)
      ->delimiter(',');
  verb->add_option("--pupil", arguments->pupil, "PX,PY: point of the pupil, the unit circle")
      ->expected(2)
      ->delimiter(',');
  verb->add_option("--wavelength", arguments->wavelength_nm,
                   "nanometers; default: the lens's reference wavelength")
      ->check(CLI::Range(100.0, 20000.0));
  verb->add_flag("--global", arguments->global,
                 "coordinates in the first surface's axes instead of each surface's own");
  verb->add_option("--aiming", arguments->aiming,
                   "stop: rays meet the stop where the pupil point says (default); chief: only the "
                   "chief ray does (CODE V); paraxial: none (OpticStudio without ray aiming)")
      ->check(CLI::IsMember({"stop", "chief", "paraxial"}));
  verb->callback([arguments] { trace_one(*arguments); });
}

void add_analyze(CLI::App& lens) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  CLI::App* verb = lens.add_subcommand(
      "analyze", "Aberrations, spots, wavefront, MTF, distortion, illumination, ghosts.");
  arguments->lens.add_to(*verb);
  verb->add_option("-o,--output", arguments->report, "HTML report with every plot, one file");
  verb->add_option("--fields", arguments->fields,
                   "this many fields from the axis to the largest, instead of the lens's own")
      ->check(CLI::Range(1, 100));
  verb->add_option("--pupil-samples", arguments->options.pupil_samples,
                   "points across the pupil for MTF and PSF")
      ->check(CLI::Range(32, 1024));
  verb->add_option("--largest-frequency", arguments->options.largest_lp_per_mm,
                   "line pairs per mm at which MTF curves end; default: by the f-number")
      ->check(CLI::PositiveNumber);
  verb->add_option("--frequency", arguments->options.lp_per_mm,
                   "line pairs per mm of the curves over field and focus, several with commas; "
                   "default: thirds of the largest")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  verb->add_option("--largest-defocus", arguments->options.largest_defocus_um,
                   "um to either side, of the curves through focus; default: four Rayleigh depths")
      ->check(CLI::PositiveNumber);
  verb->add_flag("--bare", arguments->bare, "ghosts of uncoated glass instead of one MgF2 layer");
  verb->callback([arguments] { run_analyze(*arguments); });
}

void add_convert(CLI::App& lens) {
  struct Paths {
    std::string from, to;
  };
  auto paths = std::make_shared<Paths>();
  CLI::App* verb =
      lens.add_subcommand("convert", "Rewrite a lens file in another program's format.");
  verb->add_option("LENS", paths->from, "a .lens.toml, .zmx, .seq or OpticalBench .txt file")
      ->required();
  verb->add_option("OUTPUT", paths->to, "a .lens.toml or .zmx file")->required();
  verb->callback([paths] {
    const Lens read = read_lens(paths->from);
    write_lens(read, paths->to);
    for (const std::string& note : read.notes) fmt::print(stderr, "note: {}\n", note);
  });
}

}  // namespace

void add_lens(CLI::App& app) {
  CLI::App* lens =
      app.add_subcommand("lens", "Lens files: show, trace, analyze, profile, convert.");
  lens->require_subcommand(1);
  lens->footer(
      "Example: lichtbild lens analyze data/lenses/us-10197774-b1-example-2.lens.toml -o "
      "report.html");
  add_show(*lens);
  add_trace(*lens);
  add_analyze(*lens);
  add_lens_profile(*lens);
  add_convert(*lens);
}

}  // namespace lichtbild::cli
