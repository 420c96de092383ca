// lichtbild measure edge: sharpness by slanted edges.
#include <fmt/core.h>

#include <cmath>

#include "cli/json.h"
#include "cli/overlay.h"
#include "core/error.h"
#include "measure/edge.h"

namespace lichtbild::cli {
namespace {

struct EdgeArguments {
  std::string picture, overlay;
  std::vector<int> crop;
  bool json = false;
};

struct MeasuredEdge {
  Edge edge;
  std::vector<EdgeResponse> channels;
};

std::vector<MeasuredEdge> measured_edges(const MeasuredPicture& picture,
                                         const EdgeArguments& arguments) {
  const std::vector<Edge> found =
      find_edges(picture.light, picture.channels, crop_of(arguments.crop));
  std::vector<MeasuredEdge> edges;
  for (const Edge& edge : found) {
    MeasuredEdge measured{edge, {}};
    for (const Channel& channel : picture.channels)
      if (auto response = edge_response(picture.light, channel, edge))
        measured.channels.push_back(std::move(*response));
    if (measured.channels.size() == picture.channels.size()) edges.push_back(std::move(measured));
  }
  if (edges.empty())
    throw Error(arguments.picture,
                fmt::format("no edge can be measured: {} straight edges seen, none of them with "
                            "even surfaces on both sides and slanted against the pixels",
                            found.size()),
                "photograph dark squares on light, turned by about 5 degrees, 60 pixels or larger");
  return edges;
}

nlohmann::ordered_json to_json(const MeasuredEdge& measured, const std::vector<Channel>& names) {
  const Edge& edge = measured.edge;
  nlohmann::ordered_json channels;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const EdgeResponse& r = measured.channels[c];
    channels[names[c].name] = {{"mtf50", number_or_null(r.mtf50)},
                               {"mtf10", number_or_null(r.mtf10)},
                               {"overshoot", r.overshoot},
                               {"dark", r.dark},
                               {"light", r.light},
                               {"place_px", r.place_px},
                               {"bend_px", r.bend_px},
                               {"mtf", r.mtf}};
  }
  return {{"x", edge.x},
          {"y", edge.y},
          {"normal_deg", edge.normal_deg},
          {"length_px", edge.length_px},
          {"radius", edge.radius},
          {"kind", name_of(edge.kind)},
          {"channels", channels}};
}

void print_json(const MeasuredPicture& picture, const std::vector<MeasuredEdge>& edges) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const MeasuredEdge& edge : edges) list.push_back(to_json(edge, picture.channels));
  fmt::print("{}\n",
             nlohmann::ordered_json{{"width", picture.light.width()},
                                    {"height", picture.light.height()},
                                    {"frequency_cycles_per_px", edges[0].channels[0].frequency},
                                    {"edges", list}}
                 .dump(1));
}

struct Mean {
  double sum = 0;
  int count = 0;
  void add(double v) { sum += v, ++count; }
};

// Means over rings of the picture, an edge that stays above a level up to 1 cycle per pixel as 1.
void print_rings(const MeasuredPicture& picture, const std::vector<MeasuredEdge>& edges) {
  fmt::print("{:10} {:11} {:7} {:>5} {:>7} {:>7} {:>10}\n", "radius", "", "channel", "edges",
             "MTF50", "MTF10", "overshoot");
  constexpr int rings = 5;
  for (int ring = 0; ring < rings; ++ring)
    for (const EdgeKind kind : {EdgeKind::tangential, EdgeKind::sagittal, EdgeKind::oblique})
      for (std::size_t c = 0; c < picture.channels.size(); ++c) {
        Mean mtf50, mtf10, overshoot;
        for (const MeasuredEdge& measured : edges) {
          if (measured.edge.kind != kind ||
              std::min(int(measured.edge.radius * rings), rings - 1) != ring)
            continue;
          const EdgeResponse& r = measured.channels[c];
          mtf50.add(r.mtf50.value_or(1)), mtf10.add(r.mtf10.value_or(1));
          overshoot.add(r.overshoot);
        }
        if (mtf50.count > 0)
          fmt::print("{:.1f} .. {:.1f} {:11} {:7} {:5} {:7.3f} {:7.3f} {:8.1f} %\n",
                     double(ring) / rings, double(ring + 1) / rings, name_of(kind),
                     picture.channels[c].name, mtf50.count, mtf50.sum / mtf50.count,
                     mtf10.sum / mtf10.count, 100 * overshoot.sum / overshoot.count);
      }
}

void draw(const MeasuredPicture& picture, const std::vector<MeasuredEdge>& edges,
          const std::string& path) {
  Overlay overlay(picture);
  for (const auto& [edge, channels] : edges) {
    const double nx = std::cos(edge.normal_deg * M_PI / 180),
                 ny = std::sin(edge.normal_deg * M_PI / 180);
    const InkRgb& ink = edge.kind == EdgeKind::tangential ? ink_red
                        : edge.kind == EdgeKind::sagittal ? ink_green
                                                          : ink_yellow;
    const double half = edge.length_px / 2;
    overlay.line(edge.x + half * ny, edge.y - half * nx, edge.x - half * ny, edge.y + half * nx,
                 ink);
    overlay.line(edge.x, edge.y, edge.x + half / 2 * nx, edge.y + half / 2 * ny, ink);
  }
  overlay.write(path);
}

void run(const EdgeArguments& arguments) {
  const MeasuredPicture picture = read_light(arguments.picture);
  const std::vector<MeasuredEdge> edges = measured_edges(picture, arguments);
  if (!arguments.overlay.empty()) draw(picture, edges, arguments.overlay);
  if (arguments.json)
    print_json(picture, edges);
  else
    print_rings(picture, edges);
}

}  // namespace

void add_measure_edge(CLI::App& measure) {
  auto arguments = std::make_shared<EdgeArguments>();
  CLI::App* verb = measure.add_subcommand(
      "edge", "Sharpness by slanted edges (ISO 12233:2017): MTF per channel in cycles per pixel.");
  verb->add_option("PICTURE", arguments->picture,
                   "RAW (each channel by its own samples), EXR, or JPEG, PNG, TIFF, HDR")
      ->required();
  add_crop(*verb, arguments->crop);
  verb->add_flag("--json", arguments->json, "every edge with its whole curve, on stdout");
  verb->add_option("--overlay", arguments->overlay,
                   "PNG of the edges found: red tangential, green sagittal, yellow oblique");
  verb->footer("Example: lichtbild measure edge burst/frame_000.dng --overlay edges.png");
  verb->callback([arguments] { run(*arguments); });
}

}  // namespace lichtbild::cli
