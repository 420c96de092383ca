// lichtbild measure edge: modulation transfer from slanted edges.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/measure_verbs.h"
#include "core/error.h"
#include "measure/edge.h"
#include "photo/photo.h"
#include "picture/picture.h"
#include "raw/raw.h"

namespace lichtbild::cli {
namespace {

struct EdgeArguments {
  std::string picture, overlay;
  std::vector<int> crop;
  bool json = false;
};

// What the edges are measured in, and what they are found in.
struct Subject {
  Image<float> samples, luminance;
  std::optional<Cfa> cfa;
  std::vector<std::string> channels;

  EdgeChannel channel(int c) const {
    EdgeChannel out{&samples, cfa ? 0 : c, cfa, CfaColor::green};
    if (cfa) out.color = CfaColor(c);
    return out;
  }
};

float linear_from_srgb(float v) {
  return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

// Green samples, and between them the mean of their neighbors.
Image<float> green_of(const Image<float>& mosaic, const Cfa& cfa) {
  Image<float> green(mosaic.width(), mosaic.height());
  for (int y = 0; y < green.height(); ++y)
    for (int x = 0; x < green.width(); ++x) {
      if (cfa.at(x, y) == CfaColor::green) {
        green(x, y) = mosaic(x, y);
        continue;
      }
      const int left = x > 0 ? x - 1 : x + 1, right = x + 1 < green.width() ? x + 1 : x - 1,
                up = y > 0 ? y - 1 : y + 1, down = y + 1 < green.height() ? y + 1 : y - 1;
      green(x, y) = (mosaic(left, y) + mosaic(right, y) + mosaic(x, up) + mosaic(x, down)) / 4;
    }
  return green;
}

Subject subject_of(const std::string& path) {
  Subject subject;
  if (path.ends_with(".dng") || path.ends_with(".DNG")) {
    RawFrame frame = read_raw(path);
    subject.cfa = frame.info.cfa;
    subject.luminance = green_of(frame.mosaic, frame.info.cfa);
    subject.samples = std::move(frame.mosaic);
    subject.channels = {"red", "green", "blue"};
    return subject;
  }
  subject.samples = read_image(path);
  // Transfer is of light: code values are decoded (IEC 61966-2-1).
  if (!path.ends_with(".exr"))
    std::ranges::transform(subject.samples.samples(), subject.samples.samples().begin(),
                           linear_from_srgb);
  const bool gray = subject.samples.planes() == 1;
  subject.channels =
      gray ? std::vector<std::string>{"gray"} : std::vector<std::string>{"red", "green", "blue"};
  subject.luminance = Image<float>(subject.samples.width(), subject.samples.height());
  std::copy_n(subject.samples.row(0, gray ? 0 : 1), subject.luminance.size(),
              subject.luminance.row(0));
  return subject;
}

struct Measured {
  EdgeRegion region;
  char orientation = ' ';
  double radius = 0;  // of half the diagonal
  std::vector<std::optional<EdgeResponse>> channels;
};

std::vector<Measured> measured(const Subject& subject, const EdgeArguments& arguments) {
  std::vector<EdgeRegion> regions;
  if (arguments.crop.empty()) {
    regions = find_edges(subject.luminance);
    if (regions.empty())
      throw Error(
          arguments.picture, "no dark squares on light ground were found",
          "take a picture of chart:edges, or say where the edge is: --crop X,Y,WIDTH,HEIGHT");
  } else {
    const auto& c = arguments.crop;
    const auto region = edge_in({&subject.luminance}, {c[0], c[1], c[2], c[3]});
    if (!region) throw Error(arguments.picture, "the crop holds no edge", "show where it is");
    regions.push_back(*region);
  }
  const int width = subject.samples.width(), height = subject.samples.height();
  std::vector<Measured> out;
  for (const EdgeRegion& region : regions) {
    Measured m;
    m.region = region;
    m.orientation = orientation_of(region, width, height);
    m.radius = std::hypot(region.x - (width - 1) / 2.0, region.y - (height - 1) / 2.0) /
               (std::hypot(width, height) / 2);
    for (int c = 0; c < int(subject.channels.size()); ++c)
      m.channels.push_back(edge_response(subject.channel(c), region));
    const bool any = std::ranges::any_of(m.channels, [](const auto& r) { return r.has_value(); });
    if (any) out.push_back(std::move(m));
  }
  if (out.empty())
    throw Error(arguments.picture,
                fmt::format("none of {} edges could be measured", regions.size()),
                "edges want 24 pixels and more, at some degrees from rows and columns");
  std::ranges::sort(out, {}, &Measured::radius);
  return out;
}

nlohmann::ordered_json to_json(const std::vector<Measured>& edges, const Subject& subject) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Measured& m : edges) {
    nlohmann::ordered_json edge = {{"x", m.region.x},
                                   {"y", m.region.y},
                                   {"radius", m.radius},
                                   {"normal_deg", m.region.normal_deg},
                                   {"orientation", m.orientation == 'T'   ? "tangential"
                                                   : m.orientation == 'S' ? "sagittal"
                                                                          : "between"}};
    for (std::size_t c = 0; c < m.channels.size(); ++c)
      if (const auto& r = m.channels[c])
        edge[subject.channels[c]] = {{"mtf50_cycles_per_px", r->mtf50},
                                     {"mtf10_cycles_per_px", r->mtf10},
                                     {"overshoot", r->overshoot},
                                     {"cycles_per_px", r->cycles_per_px},
                                     {"mtf", r->mtf}};
    list.push_back(std::move(edge));
  }
  return {{"edges", list}};
}

void print(const std::vector<Measured>& edges, const Subject& subject) {
  fmt::print("      x      y  radius   MTF50 / MTF10 in cycles per pixel, overshoot in percent\n");
  fmt::print("                      ");
  for (const std::string& name : subject.channels) fmt::print("  {:22}", name);
  fmt::print("\n");
  for (const Measured& m : edges) {
    fmt::print("{:7.0f}{:7.0f}   {:.2f} {}  ", m.region.x, m.region.y, m.radius, m.orientation);
    for (const auto& r : m.channels)
      if (r)
        fmt::print("  {:.3f} / {:.3f} {:5.1f}   ", r->mtf50, r->mtf10, 100 * r->overshoot);
      else
        fmt::print("  {:22}", "-");
    fmt::print("\n");
  }
}

// The picture in gray, the regions as red frames.
void write_overlay(const std::vector<Measured>& edges, const Subject& subject,
                   const std::string& path) {
  const Image<float>& gray = subject.luminance;
  const float most = *std::ranges::max_element(gray.samples());
  Image<std::uint16_t> rgb(3 * gray.width(), gray.height());
  for (int y = 0; y < gray.height(); ++y)
    for (int x = 0; x < gray.width(); ++x)
      for (int c = 0; c < 3; ++c)
        rgb(3 * x + c, y) =
            std::uint16_t(65535 * std::sqrt(std::clamp(gray(x, y) / most, 0.f, 1.f)));
  for (const Measured& m : edges) {
    const double c = std::cos(m.region.normal_deg * M_PI / 180),
                 s = std::sin(m.region.normal_deg * M_PI / 180);
    const auto dot = [&](double across, double along) {
      const int x = int(std::lround(m.region.x + c * across - s * along)),
                y = int(std::lround(m.region.y + s * across + c * along));
      if (x < 0 || y < 0 || x >= gray.width() || y >= gray.height()) return;
      rgb(3 * x, y) = 65535, rgb(3 * x + 1, y) = rgb(3 * x + 2, y) = 0;
    };
    for (double t = -m.region.half_length; t <= m.region.half_length; t += 0.5)
      for (const double u : {-m.region.half_width, 0.0, m.region.half_width}) dot(u, t);
    for (double u = -m.region.half_width; u <= m.region.half_width; u += 0.5)
      for (const double t : {-m.region.half_length, m.region.half_length}) dot(u, t);
  }
  write_photo({std::move(rgb), ColorSpace::srgb}, {}, path);
}

void run(const EdgeArguments& arguments) {
  const Subject subject = subject_of(arguments.picture);
  const auto edges = measured(subject, arguments);
  if (!arguments.overlay.empty()) write_overlay(edges, subject, arguments.overlay);
  if (arguments.json)
    fmt::print("{}\n", to_json(edges, subject).dump(2));
  else
    print(edges, subject);
}

}  // namespace

void add_measure_edge(CLI::App& measure) {
  auto a = std::make_shared<EdgeArguments>();
  CLI::App* verb = measure.add_subcommand(
      "edge", "Modulation transfer from slanted edges (ISO 12233 e-SFR), of a RAW or an image.");
  verb->add_option("PICTURE", a->picture, "DNG (each color from its own samples), or an image")
      ->required();
  verb->add_option("--crop", a->crop,
                   "X Y WIDTH HEIGHT around one edge, instead of finding squares")
      ->expected(4)
      ->delimiter(',');
  verb->add_option("--overlay", a->overlay, "write a PNG that shows where the edges were measured");
  verb->add_flag("--json", a->json, "one JSON object on stdout, with the whole curves");
  verb->footer(
      "T: measured along the radius, S: across it. Example: lichtbild shoot "
      "data/cameras/main.camera.toml chart:edges -o e && lichtbild measure edge "
      "e/frame_000.dng");
  verb->callback([a] { run(*a); });
}

}  // namespace lichtbild::cli
