// lichtbild develop: RAW frames become photographs.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "camera.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "core/stopwatch.h"
#include "core/suffix.h"

namespace lichtbild::cli {
namespace {

namespace fs = std::filesystem;

struct DevelopArguments {
  std::vector<std::string> inputs;
  std::string output, look = "authentic", white_balance = "as-shot", space = "srgb", report;
  std::optional<double> exposure;
  DevelopOptions options;
  bool no_lens_corrections = false, no_deconvolution = false, json = false;
};

// One burst and the photograph it becomes.
struct Job {
  std::vector<std::string> frames;
  std::string photo;
};

bool is_raw_name(const fs::path& path) {
  const std::string suffix = suffix_of(path);
  constexpr const char* known[] = {".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw",
                                   ".sr2", ".srf", ".orf", ".rw2", ".raf", ".pef", ".srw",
                                   ".3fr", ".fff", ".iiq", ".mef", ".mos", ".mrw", ".rwl",
                                   ".erf", ".kdc", ".dcr", ".raw", ".gpr"};
  return std::find(std::begin(known), std::end(known), suffix) != std::end(known);
}

std::vector<std::string> frames_in(const std::string& folder) {
  std::vector<std::string> frames;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && is_raw_name(entry.path()))
      frames.push_back(entry.path().string());
  std::sort(frames.begin(), frames.end());
  if (frames.empty())
    throw Error(folder, "has no RAW files", "name the folder that holds the frames of one burst");
  return frames;
}

std::vector<Job> jobs_of(const DevelopArguments& arguments) {
  const bool folders = std::all_of(arguments.inputs.begin(), arguments.inputs.end(),
                                   [](const auto& i) { return fs::is_directory(i); });
  std::vector<Job> jobs;
  if (folders && fs::is_directory(arguments.output)) {
    for (const std::string& folder : arguments.inputs) {
      fs::path name = fs::path(folder).lexically_normal();
      if (!name.has_filename()) name = name.parent_path();
      jobs.push_back({frames_in(folder),
                      (fs::path(arguments.output) / (name.filename().string() + ".jpg")).string()});
    }
  } else if (folders && arguments.inputs.size() == 1) {
    jobs.push_back({frames_in(arguments.inputs[0]), arguments.output});
  } else if (folders) {
    throw Error(arguments.output, "is not a folder",
                "several bursts need an existing folder for their photographs");
  } else {
    for (const std::string& input : arguments.inputs)
      if (fs::is_directory(input))
        throw Error(input, "is a folder", "give frames, or only folders with one burst each");
    jobs.push_back({arguments.inputs, arguments.output});
  }
  constexpr std::size_t most_frames = 50;
  for (const Job& job : jobs)
    if (job.frames.size() > most_frames)
      throw Error(job.photo, fmt::format("would be made of {} frames", job.frames.size()),
                  fmt::format("give at most {}", most_frames));
  return jobs;
}

void describe(const PhotoReport& report, double seconds) {
  int merged = 0;
  for (const FrameReport& frame : report.burst.frames) merged += frame.merged;
  fmt::print(stderr, "{}: {} of {} frames, {} x {}, {:.2f} s\n", report.photo, merged,
             report.burst.frames.size(), report.width, report.height, seconds);
  for (const FrameReport& frame : report.burst.frames)
    if (!frame.merged)
      fmt::print(stderr, "  left out {}: {}\n", frame.path, frame.left_out_because);
}

void run(DevelopArguments& arguments) {
  DevelopOptions& options = arguments.options;
  options.look = read_look(arguments.look, data_folder() + "/looks");
  options.develop.white_balance = white_balance_from(arguments.white_balance);
  options.develop.exposure_stops = arguments.exposure;
  options.develop.deconvolve = !arguments.no_deconvolution;
  options.data_folder = data_folder();
  options.develop.lens_corrections = !arguments.no_lens_corrections;
  options.space = arguments.space == "p3" ? ColorSpace::display_p3 : ColorSpace::srgb;
  const std::vector<Job> jobs = jobs_of(arguments);
  if (!arguments.report.empty()) check_folder_of(arguments.report);
  for (const Job& job : jobs) {
    photo_kind(job.photo);
    check_folder_of(job.photo);
    if (options.burst.reference > int(job.frames.size()))
      throw Error(fmt::format("--reference {}", options.burst.reference),
                  fmt::format("there are only {} frames", job.frames.size()), "count from 1");
  }

  nlohmann::ordered_json reports = nlohmann::ordered_json::array();
  for (const Job& job : jobs) {
    Stopwatch watch;
    PhotoReport report;
    {
      ProgressLine line(job.photo);
      report =
          develop_photo(job.frames, job.photo, options,
                        [&](const std::string& stage, double share) { line.show(stage, share); });
    }
    const double seconds = watch.lap();
    describe(report, seconds);
    reports.push_back(cli::to_json(report));
    reports.back()["look"] = options.look.name;
    reports.back()["seconds"]["total"] = seconds;
  }
  const nlohmann::ordered_json all = {{"photos", reports}};
  if (!arguments.report.empty()) write_file(arguments.report, all.dump(2) + "\n");
  if (arguments.json) fmt::print("{}\n", all.dump(2));
}

}  // namespace

void add_develop(CLI::App& app) {
  auto a = std::make_shared<DevelopArguments>();
  CLI::App* verb =
      app.add_subcommand("develop", "Make a photograph of the RAW frames of one scene.");
  verb->add_option("FRAME", a->inputs, "RAW frames of one burst, or folders with one burst each")
      ->required();
  verb->add_option("-o,--output", a->output,
                   "PHOTO.jpg, .png, .tif (finished), .exr (scene-linear), .dng (merged RAW); or a "
                   "folder for several bursts")
      ->required();
  verb->add_option("--look", a->look, "authentic, vibrant, mono, or a NAME.look.toml of your own")
      ->capture_default_str();
  verb->add_option("--exposure", a->exposure,
                   "brightness in stops over the file's own exposure, instead of automatic")
      ->check(CLI::Range(-10.0, 15.0));
  verb->add_option(
          "--white-balance", a->white_balance,
          "as-shot, auto, daylight, shade, cloudy, tungsten, fluorescent, flash, KELVIN[,TINT], or "
          "pick:X,Y for a pixel of the photograph that is to be neutral")
      ->capture_default_str();
  verb->add_option("--reference", a->options.burst.reference,
                   "frame to align to, counted from 1; 0 takes the sharpest of the first three")
      ->check(CLI::Range(0, 50))
      ->capture_default_str();
  verb->add_option("--luma-noise", a->options.develop.luma_noise_reduction,
                   "strength of noise reduction in lightness")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  verb->add_option("--chroma-noise", a->options.develop.chroma_noise_reduction,
                   "strength of noise reduction in color")
      ->check(CLI::Range(0.0, 2.0))
      ->capture_default_str();
  verb->add_option("--camera", a->options.camera,
                   "NAME.camera.toml: correct what its lens did, blur too, and take its colors");
  verb->add_flag("--force", a->options.force_camera,
                 "develop with --camera though the frames say that another camera took them");
  verb->add_flag("--no-deconvolution", a->no_deconvolution,
                 "leave the lens's blur, correct the rest");
  verb->add_flag("--no-lens-corrections", a->no_lens_corrections,
                 "leave the lens's distortion, lateral color, shading and blur");
  verb->add_option("--color-space", a->space, "srgb or p3 (Display P3)")
      ->check(CLI::IsMember({"srgb", "p3"}))
      ->capture_default_str();
  verb->add_option("--quality", a->options.photo.jpeg_quality, "of a JPEG")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_flag("--full-chroma", a->options.photo.full_chroma,
                 "JPEG with color at full resolution (4:4:4)");
  verb->add_option("--report", a->report,
                   "write what was done and how long it took as JSON to this file");
  verb->add_flag("--json", a->json, "the same on stdout");
  verb->footer(
      "Example: lichtbild develop IMG_*.dng -o photo.jpg --look vibrant --report photo.json");
  verb->callback([a] { run(*a); });
}

}  // namespace lichtbild::cli
