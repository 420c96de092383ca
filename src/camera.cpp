#include "camera.h"

#include <fmt/core.h>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/stopwatch.h"
#include "photo/orientation.h"
#include "raw/raw.h"

namespace lichtbild {
namespace {

// Reads frames and repairs the sensor's defects, which the first frame read shows for all.
class Reader {
 public:
  explicit Reader(const std::vector<RawInfo>& infos) : infos_(infos) {}

  RawFrame operator()(int index) {
    RawFrame frame = read_raw(infos_[index].path);
    const std::lock_guard lock(mutex_);
    if (!defects_)
      defects_ = find_defects(frame, frame.info.noise ? *frame.info.noise : estimate_noise(frame));
    repair(frame.mosaic, *defects_);
    return frame;
  }
  int defects() const { return defects_ ? int(defects_->size()) : 0; }

 private:
  const std::vector<RawInfo>& infos_;
  std::mutex mutex_;
  std::optional<std::vector<Defect>> defects_;
};

// The camera file, if it describes the frames' camera.
Camera camera_of(const RawInfo& frame, const DevelopOptions& options) {
  Camera camera = read_camera(options.camera);
  if (camera.model != frame.metadata.model && !options.force_camera)
    throw Error(frame.path,
                fmt::format("was taken by \"{}\", and {} describes \"{}\"", frame.metadata.model,
                            options.camera, camera.model),
                "give the right camera, or --force");
  return camera;
}

std::shared_ptr<const LensProfile> lens_of(const Camera& camera, const RawInfo& frame,
                                           const std::string& data_folder) {
  return std::make_shared<const LensProfile>(camera_lens(camera, frame, data_folder));
}

// A pixel that was picked in the upright photograph, as the developer counts.
WhiteBalance before_turning(WhiteBalance white, const RawInfo& info) {
  if (white.kind != WhiteBalance::Kind::picked) return white;
  const Crop shown = info.shown();
  const PixelPlace place = place_before_turning({white.x, white.y}, info.metadata.orientation,
                                                shown.width, shown.height);
  white.x = place.x, white.y = place.y;
  return white;
}

}  // namespace

PhotoReport develop_photo(const std::vector<std::string>& frames, const std::string& photo,
                          const DevelopOptions& options, const Progress& progress) {
  const PhotoKind kind = photo_kind(photo);
  const auto say = [&](const char* stage, double share) {
    if (progress) progress(stage, share);
  };
  PhotoReport report;
  report.photo = photo;
  Stopwatch watch;

  std::vector<RawInfo> infos;
  infos.reserve(frames.size());
  for (const std::string& frame : frames) infos.push_back(read_info(frame));
  report.open_s = watch.lap();
  DevelopParams develop_params = options.develop;
  develop_params.white_balance = before_turning(develop_params.white_balance, infos[0]);
  check_pick(develop_params.white_balance, infos[0]);

  // The profile is read while frames are merged.
  std::optional<Camera> camera;
  std::future<std::shared_ptr<const LensProfile>> lens;
  if (!options.camera.empty()) {
    camera = camera_of(infos[0], options);
    lens = std::async(std::launch::async, lens_of, std::cref(*camera), std::cref(infos[0]),
                      std::cref(options.data_folder));
  }

  Reader reader(infos);
  say("merging", 0);
  MergedFrame merged =
      merge_burst(infos, std::ref(reader), estimate_noise, options.burst,
                  [&](int done) { say("merging", double(done) / double(frames.size())); });
  report.burst = std::move(merged.report);
  report.defects = reader.defects();
  report.burst_s = watch.lap();
  if (camera) {
    if (camera->has_color()) merged.frame.info.color.illuminants = camera->color;
    develop_params.lens = lens.get();
  }
  const Metadata metadata = merged.frame.info.metadata;
  if (kind == PhotoKind::dng) {
    say("writing", 0);
    report.width = merged.frame.info.width;
    report.height = merged.frame.info.height;
    write_dng(merged.frame, photo);
    report.write_s = watch.lap();
    return report;
  }

  say("developing", 0);
  // A scene-linear picture is one before the look: nothing of the lens is kept.
  develop_params.falloff_kept = kind == PhotoKind::exr ? 0 : options.look.falloff_kept;
  Developed developed = develop(std::move(merged.frame), merged.variance_ratio, develop_params);
  report.develop = developed.report;
  report.width = developed.rec2020.width();
  report.height = developed.rec2020.height();
  report.develop_s = watch.lap();
  if (kind == PhotoKind::exr) {
    say("writing", 0);
    write_exr(developed.rec2020, metadata, photo);
    report.write_s = watch.lap();
    return report;
  }

  say("rendering", 0);
  const Depth depth = kind == PhotoKind::jpeg ? Depth::eight_bit : Depth::sixteen_bit;
  const Rendition rendition =
      render(developed.rec2020, options.look, developed.noise, developed.report.exposure_stops,
             {.space = options.space, .depth = depth});
  developed.rec2020 = {};  // its memory is the upright copy's
  report.look_s = watch.lap();
  say("writing", 0);
  write_photo(rendition, metadata, photo, options.photo);
  report.write_s = watch.lap();
  return report;
}

}  // namespace lichtbild
