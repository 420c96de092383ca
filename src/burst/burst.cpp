#include "burst/burst.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>
#include <optional>
#include <utility>

#include "burst/align.h"
#include "burst/black_floor.h"
#include "burst/merge.h"
#include "core/error.h"
#include "core/stopwatch.h"

namespace lichtbild {
namespace {

constexpr int sharpest_of = 3;
constexpr double least_weight = 0.15;  // a frame that counts less than this does not show the scene
constexpr double clip_margin = 0.97;   // resampling spreads clipped samples a little
constexpr double same_exposure = 0.02;  // relative

// Exposure as recorded: light per sample at equal scene radiance; 0 when the file does not say.
double exposure(const Metadata& m) {
  const double aperture = m.f_number > 0 ? m.f_number * m.f_number : 1;
  return m.exposure_time_s > 0 && m.iso > 0 ? m.exposure_time_s * m.iso / aperture : 0;
}

double relative_exposure(const Metadata& frame, const Metadata& reference) {
  const double a = exposure(frame), b = exposure(reference);
  const double ratio = a > 0 && b > 0 ? a / b : 1;
  return std::abs(ratio - 1) < same_exposure ? 1 : ratio;
}

void require_same_camera(const RawInfo& frame, const RawInfo& first) {
  if (frame.width != first.width || frame.height != first.height)
    throw Error(frame.path,
                fmt::format("is {} x {} but {} is {} x {}", frame.width, frame.height, first.path,
                            first.width, first.height),
                "merge frames of one burst only");
  if (frame.metadata.make != first.metadata.make || frame.metadata.model != first.metadata.model)
    throw Error(
        frame.path,
        fmt::format("is from a {} {} but {} from a {} {}", frame.metadata.make,
                    frame.metadata.model, first.path, first.metadata.make, first.metadata.model),
        "merge frames of one camera only");
  if (!(frame.cfa == first.cfa))
    throw Error(frame.path, "has another color filter order than " + first.path,
                "merge frames of one camera only");
}

// Reads frames in order, each while the one before is being worked on.
class Prefetch {
 public:
  Prefetch(std::vector<int> order, const FrameSource& read)
      : order_(std::move(order)), read_(read) {
    start();
  }

  bool done() const { return !pending_.valid(); }
  std::pair<int, RawFrame> next() {
    const int index = order_[position_ - 1];
    RawFrame frame = pending_.get();
    start();
    return {index, std::move(frame)};
  }

 private:
  void start() {
    if (position_ == order_.size()) return;
    const int index = order_[position_++];
    pending_ = std::async(std::launch::async, [this, index] { return read_(index); });
  }
  std::vector<int> order_;
  std::size_t position_ = 0;
  const FrameSource& read_;
  std::future<RawFrame> pending_;
};

// Noise of a pixel of the gray picture, from the mosaic's: the mean of four samples.
struct GrayNoise {
  float scale, offset;
};
GrayNoise gray_noise(const NoiseModel& noise) {
  const auto mean = [](const std::array<double, 3>& v) { return (v[0] + 2 * v[1] + v[2]) / 4; };
  return {float(mean(noise.scale) / 4), float(mean(noise.offset) / 4)};
}

void describe_motion(const MotionField& motion, FrameReport& report) {
  // Field in gray pixels, report in mosaic samples.
  const auto median = [](std::vector<float> values, double rank) {
    const auto nth = values.begin() + std::ptrdiff_t((values.size() - 1) * rank);
    std::nth_element(values.begin(), nth, values.end());
    return double(*nth);
  };
  const auto u = motion.u.samples(), v = motion.v.samples();
  const double x = median({u.begin(), u.end()}, 0.5), y = median({v.begin(), v.end()}, 0.5);
  std::vector<float> distance(u.size());
  for (std::size_t k = 0; k < u.size(); ++k) distance[k] = float(std::hypot(u[k] - x, v[k] - y));
  report.shift_x_px = 2 * x;
  report.shift_y_px = 2 * y;
  report.motion_spread_px = 2 * median(distance, 0.9);
}

// The reference frame and the sums that grow on it.
class Merging {
 public:
  Merging(RawFrame frame, const NoiseModel& noise, bool bracket, BurstReport& report)
      : info_(std::move(frame.info)),
        pyramid_(gray_pyramid(frame.mosaic)),
        quads_(split_quads(frame.mosaic)),
        cut_at_black_(is_cut_at_black(frame.mosaic)),
        report_(report) {
    signal_.noise = noise;
    for (int c = 0; c < 3; ++c) signal_.clip[c] = clip_margin * info_.clip[c];
    sums_ = begin_sums(quads_, info_.cfa, signal_, bracket);
  }

  void add(RawFrame frame, const NoiseModel& noise, FrameReport& entry) {
    Stopwatch watch;
    const double ratio = relative_exposure(frame.info.metadata, info_.metadata);
    const float gain = float(1 / ratio);
    const GrayNoise a = gray_noise(signal_.noise), b = gray_noise(noise);
    const MotionField motion = align(pyramid_, gray_pyramid(frame.mosaic, gain),
                                     a.scale + b.scale * gain, a.offset + b.offset * gain * gain);
    describe_motion(motion, entry);
    entry.relative_exposure = ratio;
    report_.align_s += watch.lap();

    FrameSignal signal{noise, signal_.clip, gain};
    if (ratio == 1) signal.clip.fill(std::numeric_limits<double>::infinity());
    const Quads quads = split_quads(frame.mosaic);
    frame.mosaic = {};
    FrameSignal reference = signal_;
    if (ratio == 1) reference.clip = signal.clip;
    const PlacedFrame placed(quads_, reference, quads, signal, info_.cfa, motion);
    entry.weight = placed.agreement();
    entry.merged = entry.weight >= least_weight;
    if (entry.merged)
      placed.add_to(sums_);
    else
      entry.left_out_because =
          fmt::format("only {:.0f} % of it agrees with the reference", 100 * entry.weight);
    report_.merge_s += watch.lap();
  }

  MergedFrame end() {
    quads_.planes = {};
    MergedSums sums = end_sums(sums_);
    if (cut_at_black_) undo_cut_at_black(sums.mosaic, info_.cfa, signal_.noise);
    MergedFrame merged{
        {std::move(info_), std::move(sums.mosaic)}, std::move(sums.variance_ratio), {}};
    // The merged noise model is the reference's times the typical ratio; the map keeps what differs
    // from it.
    std::vector<float> ratios(merged.variance_ratio.samples().begin(),
                              merged.variance_ratio.samples().end());
    const auto middle = ratios.begin() + std::ptrdiff_t(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    const float typical = *middle;
    for (float& ratio : merged.variance_ratio.samples()) ratio /= typical;
    NoiseModel noise = signal_.noise;
    for (int c = 0; c < 3; ++c) {
      noise.scale[c] *= typical;
      noise.offset[c] *= typical;
    }
    merged.frame.info.noise = noise;
    report_.reference_noise = signal_.noise;
    report_.merged_noise = noise;
    report_.effective_frames = 1 / typical;
    return merged;
  }

 private:
  RawInfo info_;
  GrayPyramid pyramid_;
  Quads quads_;
  FrameSignal signal_;
  bool cut_at_black_;
  Image<float> sums_;
  BurstReport& report_;
};

// Frames that are in memory already, and where the best of them is.
struct Candidates {
  std::vector<std::pair<int, RawFrame>> frames;
  std::size_t best = 0;
};

Candidates choose_reference(Prefetch& source, const std::vector<RawInfo>& infos, int requested) {
  Candidates candidates;
  const int wanted = requested > 0 ? 1 : std::min(int(infos.size()), sharpest_of);
  double best_sharpness = -1;
  for (int k = 0; k < wanted; ++k) {
    candidates.frames.push_back(source.next());
    const RawFrame& frame = candidates.frames.back().second;
    if (wanted == 1 || relative_exposure(frame.info.metadata, infos.front().metadata) != 1)
      continue;
    const double value = sharpness(gray_pyramid(frame.mosaic));
    // The first frame is kept unless another is clearly sharper, which noise alone is not.
    if (value > best_sharpness * 1.02) {
      best_sharpness = value;
      candidates.best = k;
    }
  }
  return candidates;
}

// Reading order: the requested reference first, everything else as it comes.
std::vector<int> reading_order(int count, int requested) {
  std::vector<int> order;
  if (requested > 0) order.push_back(requested - 1);
  for (int k = 0; k < count; ++k)
    if (k != requested - 1) order.push_back(k);
  return order;
}

// One frame is its own merge.
MergedFrame merge_one(RawFrame frame, const NoiseModel& noise, BurstReport report) {
  if (is_cut_at_black(frame.mosaic)) undo_cut_at_black(frame.mosaic, frame.info.cfa, noise);
  frame.info.noise = report.reference_noise = report.merged_noise = noise;
  return {std::move(frame), {}, std::move(report)};
}

}  // namespace

MergedFrame merge_burst(const std::vector<RawInfo>& infos, const FrameSource& read,
                        const NoiseEstimator& estimate, const BurstParams& params,
                        const std::function<void(int)>& progress) {
  const int count = int(infos.size());
  invariant(count >= 1 && params.reference >= 0 && params.reference <= count);
  BurstReport report;
  bool bracket = false;
  for (const RawInfo& info : infos) {
    require_same_camera(info, infos.front());
    bracket |= relative_exposure(info.metadata, infos.front().metadata) != 1;
    report.frames.emplace_back().path = info.path;
  }

  Prefetch source(reading_order(count, params.reference), read);
  Candidates candidates = choose_reference(source, infos, params.reference);
  auto [reference_index, reference] = std::move(candidates.frames[candidates.best]);
  candidates.frames.erase(candidates.frames.begin() + std::ptrdiff_t(candidates.best));
  report.reference = reference_index + 1;
  report.frames[reference_index].merged = true;
  report.frames[reference_index].weight = 1;

  // The sensor's noise is estimated once, from the reference.
  std::optional<NoiseModel> estimated;
  if (!reference.info.noise) estimated = estimate(reference);
  const auto noise_of = [&](const RawInfo& info) { return info.noise ? *info.noise : *estimated; };
  const NoiseModel reference_noise = noise_of(reference.info);
  if (count == 1) return merge_one(std::move(reference), reference_noise, std::move(report));
  Merging merging(std::move(reference), reference_noise, bracket, report);

  int done = 1;
  const auto add = [&](int index, RawFrame frame) {
    if (!frame.info.noise && !estimated) estimated = estimate(frame);
    const NoiseModel noise = noise_of(frame.info);
    merging.add(std::move(frame), noise, report.frames[index]);
    if (progress) progress(++done);
  };
  for (auto& [index, frame] : candidates.frames) add(index, std::move(frame));
  candidates.frames.clear();
  while (!source.done()) {
    Stopwatch waiting;
    auto [index, frame] = source.next();
    report.read_s += waiting.lap();
    add(index, std::move(frame));
  }
  MergedFrame merged = merging.end();
  merged.report = std::move(report);
  return merged;
}

}  // namespace lichtbild
