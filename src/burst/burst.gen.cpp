// The pixel kernels of the room burst. Composition and schedules; the algorithms are explained in
// align.h and merge.h.
#include <Halide.h>

#include <vector>

#include "core/lanczos.h"

using namespace Halide;
using lichtbild::lanczos_support;
using namespace Halide::BoundaryConditions;

namespace {

Var x("x"), y("y"), c("c"), xi("xi"), yi("yi"), bx("bx"), by("by"), xo("xo"), yo("yo");

// Mean of each 2x2 quad of the mosaic, times a gain: a gray picture of half the size whatever the
// order of the filter.
class GrayQuads : public Generator<GrayQuads> {
 public:
  Input<Buffer<float, 2>> mosaic{"mosaic"};
  Input<float> gain{"gain"};
  Output<Buffer<float, 2>> gray{"gray"};

  void generate() {
    gray(x, y) = (mosaic(2 * x, 2 * y) + mosaic(2 * x + 1, 2 * y) + mosaic(2 * x, 2 * y + 1) +
                  mosaic(2 * x + 1, 2 * y + 1)) *
                 (gain * 0.25f);
    // schedule
    gray.split(y, yo, yi, 32, TailStrategy::GuardWithIf)
        .parallel(yo)
        .vectorize(x, natural_vector_size<float>(), TailStrategy::GuardWithIf);
  }
};

// Half the size by the filter [1 3 3 1] / 8 in both directions; the border is repeated.
class GrayHalve : public Generator<GrayHalve> {
 public:
  Input<Buffer<float, 2>> fine{"fine"};
  Output<Buffer<float, 2>> coarse{"coarse"};

  void generate() {
    Func in = repeat_edge(fine), rows("rows");
    rows(x, y) =
        (in(x, 2 * y - 1) + in(x, 2 * y + 2)) * 0.125f + (in(x, 2 * y) + in(x, 2 * y + 1)) * 0.375f;
    coarse(x, y) = (rows(2 * x - 1, y) + rows(2 * x + 2, y)) * 0.125f +
                   (rows(2 * x, y) + rows(2 * x + 1, y)) * 0.375f;
    // schedule
    coarse.split(y, yo, yi, 32, TailStrategy::GuardWithIf)
        .parallel(yo)
        .vectorize(x, natural_vector_size<float>(), TailStrategy::GuardWithIf);
    rows.compute_at(coarse, yi).vectorize(x, natural_vector_size<float>(), TailStrategy::RoundUp);
  }
};

// The mosaic as four pictures of half the size, one for each place in the 2x2 filter; asked for
// beyond the border it repeats the border's quad.
class SplitQuads : public Generator<SplitQuads> {
 public:
  Input<Buffer<float, 2>> mosaic{"mosaic"};
  Output<Buffer<float, 3>> planes{"planes"};

  void generate() {
    Expr qx = clamp(x, 0, mosaic.width() / 2 - 1), qy = clamp(y, 0, mosaic.height() / 2 - 1);
    planes(x, y, c) = mosaic(likely(2 * qx) + c % 2, 2 * qy + c / 2);
    // schedule
    planes.bound(c, 0, 4)
        .reorder(x, c, y)
        .unroll(c)
        .split(y, yo, yi, 32, TailStrategy::GuardWithIf)
        .parallel(yo);
    planes.vectorize(x, natural_vector_size<float>(), TailStrategy::GuardWithIf);
  }
};

// Adds one frame, moved into place and weighted by how well it agrees with the reference. See
// merge.h.
class MergeFrame : public Generator<MergeFrame> {
 public:
  // Error energy of a moved sample per energy of second differences around it.
  GeneratorParam<float> aliasing_share{"aliasing_share", 0.02f};

  // Quads x, y, place; both with a border.
  Input<Buffer<float, 3>> reference{"reference"}, frame{"frame"};
  // Per block: where its first quad lies in the frame (x, y); and the taps, as listed in merge.cpp.
  Input<Buffer<int32_t, 3>> origin{"origin"};
  Input<Buffer<float, 3>> taps{"taps"};
  // Per place: scale and offset of the reference's noise, then of the frame's.
  Input<Buffer<float, 2>> noise{"noise"};
  // Per place: signal at which the reference counts as clipped; then the frame.
  Input<Buffer<float, 1>> clip{"clip"};
  Input<int32_t> width{"width"}, height{"height"};  // of the picture, in quads
  Input<float> gain{"gain"};                        // from the frame's signal to the reference's
  // Quads x, y; planes 0-3: weighted signal, 4: weight, 5: variance. Both may be the same memory.
  Input<Buffer<float, 3>> sums{"sums"};
  Output<Buffer<float, 3>> added{"added"};

  void generate() {
    constexpr int block = 8;
    const std::vector<int> places = {0, 1, 2, 3};

    // Each block of 8x8 quads is resampled at its own sub-pixel position, first along rows.
    Func start = repeat_edge(origin), tap("tap"), columns("columns"), moved_block("moved_block"),
         moved("moved");
    Var k("k");
    tap(k, bx, by) = taps(k, clamp(bx, 0, taps.dim(1).max()), clamp(by, 0, taps.dim(2).max()));
    Expr source[2];
    for (int axis = 0; axis < 2; ++axis)
      source[axis] = clamp(start(bx, by, axis), frame.dim(axis).min() + lanczos_support / 2,
                           frame.dim(axis).max() - block - lanczos_support / 2);
    Expr across = 0.0f, down = 0.0f;
    for (int i = 0; i < lanczos_support; ++i)
      across +=
          tap(i, bx, by) * frame(source[0] + xi + i - lanczos_support / 2 + 1, source[1] + yi, c);
    columns(xi, yi, c, bx, by) = across;
    for (int i = 0; i < lanczos_support; ++i)
      down += tap(lanczos_support + i, bx, by) *
              columns(xi, yi + i - lanczos_support / 2 + 1, c, bx, by);
    moved_block(xi, yi, c, bx, by) = down * gain;
    moved(x, y, c) = moved_block(x % block, y % block, c, x / block, y / block);

    // How much of the noise's variance the resampling leaves, how far from a sample it is on each
    // axis, and whether the frame covers the block.
    Expr kept_here = tap(12, x / block, y / block), valid_here = tap(15, x / block, y / block);
    Expr moved_x = tap(13, x / block, y / block), moved_y = tap(14, x / block, y / block);

    Func ref("ref"), smooth_x("smooth_x"), smooth("smooth");
    ref(x, y, c) = reference(x, y, c);
    smooth_x(x, y, c) = 0.25f * (ref(x - 1, y, c) + 2.0f * ref(x, y, c) + ref(x + 1, y, c));
    smooth(x, y, c) =
        0.25f * (smooth_x(x, y - 1, c) + 2.0f * smooth_x(x, y, c) + smooth_x(x, y + 1, c));
    Expr signal = max(smooth(x, y, c), 0.0f);
    Func reference_variance("reference_variance"), frame_variance("frame_variance");
    reference_variance(x, y, c) = noise(0, c) * signal + noise(1, c) + 1e-12f;
    frame_variance(x, y, c) = noise(2, c) * signal + noise(3, c) + 1e-12f;

    // Quick reciprocals of twelve bits: nothing here is known better than to a percent.
    Func inverse_variance("inverse_variance");
    inverse_variance(x, y, c) = fast_inverse(reference_variance(x, y, c));

    // Detail too fine for its color plane cannot be moved by a fraction of a sample. Its energy
    // shows in the second differences, whose share of noise is known: 6 variances.
    Func bend("bend"), bend_rows("bend_rows"), aliasing("aliasing");
    Expr bend_x = 0.0f, bend_y = 0.0f;
    for (int p : places) {
      Expr dx = ref(x - 1, y, p) - 2.0f * ref(x, y, p) + ref(x + 1, y, p);
      Expr dy = ref(x, y - 1, p) - 2.0f * ref(x, y, p) + ref(x, y + 1, p);
      bend_x += dx * dx * inverse_variance(x, y, p);
      bend_y += dy * dy * inverse_variance(x, y, p);
    }
    bend(x, y) = Tuple(0.25f * bend_x - 6.0f, 0.25f * bend_y - 6.0f);
    bend_rows(x, y) = Tuple(bend(x - 1, y)[0] + bend(x, y)[0] + bend(x + 1, y)[0],
                            bend(x - 1, y)[1] + bend(x, y)[1] + bend(x + 1, y)[1]);
    Expr mean_x = (bend_rows(x, y - 1)[0] + bend_rows(x, y)[0] + bend_rows(x, y + 1)[0]) / 9.0f;
    Expr mean_y = (bend_rows(x, y - 1)[1] + bend_rows(x, y)[1] + bend_rows(x, y + 1)[1]) / 9.0f;
    aliasing(x, y) = aliasing_share * (moved_x * max(mean_x, 0.0f) + moved_y * max(mean_y, 0.0f));

    // Variance of what the frame says about a quad: its noise, and the aliasing that moving brings.
    Func moved_variance("moved_variance"), variance("variance");
    moved_variance(x, y, c) =
        frame_variance(x, y, c) * kept_here + aliasing(x, y) * reference_variance(x, y, c);
    variance(x, y, c) = reference_variance(x, y, c) + moved_variance(x, y, c);

    // Clipped samples say nothing about agreement, nor does what lies outside the picture.
    Func open("open");
    Expr clipped_reference = cast<bool>(false), clipped_frame = cast<bool>(false);
    for (int p : places) {
      clipped_reference = clipped_reference || ref(x, y, p) >= clip(p);
      clipped_frame = clipped_frame || moved(x, y, p) >= clip(4 + p) * gain;
    }
    Expr outside = x < 0 || y < 0 || x >= width || y >= height;
    open(x, y) = select(clipped_reference || clipped_frame || outside, 0.0f, 1.0f);

    // Misfit per quad, in units of the variance: of single samples, and of means over the window
    // for each place.
    Func difference("difference"), energy("energy"), window("window");
    difference(x, y, c) = (moved(x, y, c) - ref(x, y, c)) * open(x, y);
    Expr energy_here = 0.0f;
    for (int p : places)
      energy_here += difference(x, y, p) * difference(x, y, p) * fast_inverse(variance(x, y, p));
    energy(x, y) = 0.25f * energy_here;
    // 0: energy, 1: open, 2-5: difference, 6-9: variance
    Func terms("terms"), terms_x("terms_x");
    terms(x, y, c) = select(c == 0, energy(x, y), c == 1, open(x, y), c < 6,
                            difference(x, y, clamp(c - 2, 0, 3)),
                            variance(x, y, clamp(c - 6, 0, 3)) * open(x, y));
    constexpr int radius = 2;
    Expr box_x = 0.0f, box_y = 0.0f;
    for (int i = -radius; i <= radius; ++i) box_x += terms(x + i, y, c);
    terms_x(x, y, c) = box_x;
    for (int i = -radius; i <= radius; ++i) box_y += terms_x(x, y + i, c);
    window(x, y, c) = box_y;
    Expr count = max(window(x, y, 1), 1.0f);
    Expr energy_mean = window(x, y, 0) * fast_inverse(count);
    Expr shift_energy = 0.0f;            // chi-square of the mean differences, 4 degrees of freedom
    constexpr float correlation = 1.5f;  // neighboring resampled samples share noise
    for (int p : places)
      shift_energy += window(x, y, 2 + p) * window(x, y, 2 + p) *
                      fast_inverse(correlation * window(x, y, 6 + p) + 1e-20f);
    Expr misfit = max(energy_mean - 1.35f, 0.0f) + max(shift_energy * 0.25f - 2.5f, 0.0f) / 10.0f;
    Expr doubt = 1.0f + 3.0f * misfit;
    Func trust("trust");
    trust(x, y) = select(window(x, y, 1) < 0.5f, 1.0f, fast_inverse(doubt * doubt * doubt));

    // The best weight of a frame is the inverse of its variance.
    Expr reference_sum = 0.0f, moved_sum = 0.0f;
    for (int p : places) {
      reference_sum += reference_variance(x, y, p);
      moved_sum += moved_variance(x, y, p);
    }
    Func share("share"), weight("weight");
    share(x, y) = reference_sum * fast_inverse(moved_sum);
    weight(x, y) = trust(x, y) * share(x, y) * valid_here * select(clipped_frame, 0.0f, 1.0f);
    added(x, y, c) = sums(x, y, c) +
                     select(c < 4, weight(x, y) * moved(x, y, clamp(c, 0, 3)), c == 4, weight(x, y),
                            weight(x, y) * weight(x, y) * fast_inverse(share(x, y)));

    // schedule: everything in blocks' widths, so that what belongs to a block is the same for a
    // whole vector
    constexpr int vector = block;
    origin.dim(2).set_bounds(0, 2);
    taps.dim(0).set_bounds(0, 16);
    added.bound(c, 0, 6)
        .tile(x, y, xo, yo, x, y, 128, 32, TailStrategy::GuardWithIf)
        .reorder(c, x, y, xo, yo);
    added.unroll(c).vectorize(x, vector).parallel(yo);
    // What is needed around a quad is kept for the tile, the rest for a row only, in the
    // first-level cache.
    const auto keep = [&](Func f, int planes, Func user, Var at) {
      f.compute_at(user, at).hoist_storage(added, yo).align_bounds(x, block).vectorize(x, vector);
      if (planes > 0) f.bound(c, 0, planes).reorder(c, x, y).unroll(c);
    };
    keep(smooth, 4, added, xo);
    keep(bend, 0, added, xo);
    keep(inverse_variance, 4, bend, y);
    keep(aliasing, 0, added, xo);
    keep(terms_x, 10, added, xo);
    keep(terms, 10, terms_x, y);
    keep(variance, 4, terms_x, y);
    keep(weight, 0, added, y);
    keep(window, 10, added, y);
    moved.compute_at(added, xo).bound(c, 0, 4).align_bounds(x, block).align_bounds(y, block);
    moved.tile(x, y, xo, yo, x, y, block, block)
        .reorder(x, y, c, xo, yo)
        .vectorize(x, block)
        .unroll(y);
    columns.compute_at(moved, c).vectorize(xi, block).unroll(yi);
  }
};

// The weighted mean, laid out as a mosaic again, and the variance of what became of each quad.
class MergeEnd : public Generator<MergeEnd> {
 public:
  Input<Buffer<float, 3>> sums{"sums"};
  Output<Buffer<float, 2>> mosaic{"mosaic"};
  Output<Buffer<float, 2>> variance_ratio{"variance_ratio"};

  void generate() {
    Expr qx = x / 2, qy = y / 2;
    mosaic(x, y) = sums(qx, qy, (y % 2) * 2 + x % 2) / sums(qx, qy, 4);
    variance_ratio(x, y) = sums(x, y, 5) / (sums(x, y, 4) * sums(x, y, 4));
    // schedule
    const int vector = natural_vector_size<float>();
    mosaic.tile(x, y, xo, yo, xi, yi, 2 * vector, 2, TailStrategy::GuardWithIf)
        .parallel(yo)
        .unroll(yi)
        .vectorize(xi);
    variance_ratio.split(y, yo, yi, 32, TailStrategy::GuardWithIf)
        .parallel(yo)
        .vectorize(x, vector, TailStrategy::GuardWithIf);
  }
};

}  // namespace

HALIDE_REGISTER_GENERATOR(GrayQuads, gray_quads)
HALIDE_REGISTER_GENERATOR(GrayHalve, gray_halve)
HALIDE_REGISTER_GENERATOR(SplitQuads, split_quads)
HALIDE_REGISTER_GENERATOR(MergeFrame, merge_frame)
HALIDE_REGISTER_GENERATOR(MergeEnd, merge_end)
