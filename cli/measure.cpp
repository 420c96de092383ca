// lichtbild measure: what an image is worth.
#include "cli/measure_verbs.h"
#include "cli/verbs.h"

namespace lichtbild::cli {

void add_measure(CLI::App& app) {
  CLI::App* measure = app.add_subcommand("measure", "Measure what an image is worth.");
  measure->require_subcommand(1);
  add_measure_psnr(*measure);
  add_measure_ssim(*measure);
  add_measure_edge(*measure);
  add_measure_color(*measure);
  add_measure_distortion(*measure);
  add_measure_noise(*measure);
}

}  // namespace lichtbild::cli
