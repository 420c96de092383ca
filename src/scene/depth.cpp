#include "scene/depth.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"
#include "core/parallel.h"
#include "core/suffix.h"
#include "picture/picture.h"

namespace lichtbild {
namespace {

constexpr float mm_of_a_meter = 1000;

Image<float> depth_of_exr(const std::string& path) {
  Image<float> depth = read_exr_depth(path);
  for (float& value : depth.samples()) {
    if (!std::isfinite(value)) value = std::numeric_limits<float>::infinity();
    if (!(value > 0))
      throw Error(path, fmt::format("holds a distance of {:g} m", value),
                  "distances are above 0, infinite for the sky");
    value *= mm_of_a_meter;
  }
  return depth;
}

Image<float> depth_of_codes(const std::string& path, const DepthRange& range) {
  if (!(range.nearest_m > 0 && range.farthest_m > range.nearest_m))
    throw Error("--depth-range",
                fmt::format("{:g},{:g} does not grow", range.nearest_m, range.farthest_m),
                "give NEAR,FAR in meters");
  const Image<float> codes = read_image(path);
  if (codes.planes() != 1)
    throw Error(path, "is a depth map in colors", "save it gray, with 16 bits");
  Image<float> depth = codes.clone();
  const double span = range.farthest_m - range.nearest_m;
  for (float& value : depth.samples())
    value = mm_of_a_meter * float(range.nearest_m + span * std::clamp(value, 0.F, 1.F));
  return depth;
}

// The samples of a line that are nearest to cells.
std::vector<int> nearest(int cells, double first, double step, int samples) {
  std::vector<int> at(cells);
  for (int i = 0; i < cells; ++i)
    at[i] = int(std::lround(std::clamp(first + step * i, 0.0, samples - 1.0)));
  return at;
}

}  // namespace

Image<float> read_depth(const std::string& path, const std::optional<DepthRange>& range) {
  if (suffix_of(path) == ".exr") return depth_of_exr(path);
  if (!range)
    throw Error(path, "holds code values, not meters",
                "say what they mean: --depth-range NEAR,FAR");
  return depth_of_codes(path, *range);
}

Image<float> depth_on(const Image<float>& depth, const PaintGrid& grid) {
  const double per_px = std::min(double(depth.width()) / grid.frame_width,
                                 double(depth.height()) / grid.frame_height),
               step = grid.step * per_px;
  const auto columns = nearest(grid.width, grid.first_x * per_px + (depth.width() - 1) / 2.0, step,
                               depth.width()),
             rows = nearest(grid.height, grid.first_y * per_px + (depth.height() - 1) / 2.0, step,
                            depth.height());
  Image<float> cells(grid.width, grid.height);
  parallel_rows(grid.height, [&](int first, int last) {
    for (int y = first; y < last; ++y)
      for (int x = 0; x < grid.width; ++x) cells(x, y) = depth(columns[x], rows[y]);
  });
  return cells;
}

}  // namespace lichtbild
