// Denoise: what the demosaicing network cannot see - noise coarser than its window - is taken away
// scale by scale; out comes linear Rec.2020. The stages' order is in denoise_picture.cpp.
//
// At half the size and below, luma (R + 2G + B) / 4 and the differences R - luma and B - luma are
// split into a Laplacian pyramid. At each scale a detail is multiplied by the Wiener factor e / (e
// + n), e its local energy less the noise's: detail stronger than noise stays, noise goes. n is the
// noise variance that the frame's model leaves at that scale (noise_scales.h), times the wished
// strength. The full-size picture gets the difference that this made, enlarged.
#pragma once

#include <Halide.h>

#include <string>

#include "develop/demosaic_codes.h"

namespace denoise_stages {

using namespace Halide;

// The Gaussian pyramid's step down, [1 3 3 1] / 8 a direction; `row` is the first of its two.
inline Func halved(Func in, Func& row, Var x, Var y, Var c) {
  row = Func("rows");
  Func down("half");
  row(x, y, c) = (in(x, 2 * y - 1, c) + in(x, 2 * y + 2, c)) * 0.125f +
                 (in(x, 2 * y, c) + in(x, 2 * y + 1, c)) * 0.375f;
  down(x, y, c) = (row(2 * x - 1, y, c) + row(2 * x + 2, y, c)) * 0.125f +
                  (row(2 * x, y, c) + row(2 * x + 1, y, c)) * 0.375f;
  return down;
}

// Up again by the same filter's transpose, [1 3] / 4.
inline Expr enlarged(Func coarse, Func& row, Var x, Var y, Var c) {
  row = Func("rows");
  row(x, y, c) =
      0.75f * coarse(x, y / 2, c) + 0.25f * coarse(x, y / 2 + select(y % 2 == 0, -1, 1), c);
  return 0.75f * row(x / 2, y, c) + 0.25f * row(x / 2 + select(x % 2 == 0, -1, 1), y, c);
}

// A scale's planes without their noise.
struct Cleaned {
  Func clean{"clean"};

  template <class Pictures, class Table>
  Cleaned(Pictures& planes, Pictures& half, Pictures& clean_half, Table& variance_ratio,
          Table& noise, Expr scale) {
    const auto edge = [](auto& in) { return BoundaryConditions::repeat_edge(in); };
    Func bounded = edge(planes);
    detail(x, y, c) = bounded(x, y, c) - enlarged(edge(half), half_rows, x, y, c);
    Func d = BoundaryConditions::repeat_edge(
        detail, {{0, planes.width()}, {0, planes.height()}, {Expr(), Expr()}});
    // Local energy under a 5x5 binomial-like window.
    const float window[] = {0.1f, 0.25f, 0.3f, 0.25f, 0.1f};
    Expr down_sum = 0.0f, across_sum = 0.0f;
    for (int i = -2; i <= 2; ++i) down_sum += window[i + 2] * d(x, y + i, c) * d(x, y + i, c);
    energy_rows(x, y, c) = down_sum;
    for (int i = -2; i <= 2; ++i) across_sum += window[i + 2] * energy_rows(x + i, y, c);
    Expr n = noise(scale, c) *
             variance_ratio(clamp((x << (scale + 1)) >> 3, 0, variance_ratio.width() - 1),
                            clamp((y << (scale + 1)) >> 3, 0, variance_ratio.height() - 1));
    // The energy's own scatter would let noise through in patches: a margin of half the noise.
    Expr signal = max(across_sum - 1.5f * n, 0.0f);
    Expr keep = signal / (signal + n + 1e-12f);
    clean(x, y, c) = enlarged(edge(clean_half), clean_rows, x, y, c) + detail(x, y, c) * keep;
  }

  // All but `clean` itself, a plane of a tile at a time.
  void compute_at(Func tile, Var plane, int vector) {
    detail.compute_at(tile, plane).align_bounds(x, 2).unroll(x, 2).vectorize(x, vector);
    // Rows at the border and inside by the same code: their clamps cost nothing, and the code a
    // third.
    detail.never_partition(y);
    for (Func stage : {energy_rows, half_rows, clean_rows})
      stage.compute_at(tile, plane).vectorize(x, vector).never_partition(y);
  }

 private:
  Var x{"x"}, y{"y"}, c{"c"};
  Func detail{"detail"}, energy_rows{"energy_rows"}, half_rows, clean_rows;
};

}  // namespace denoise_stages

// The encoded picture at half its size: planes luma, red difference, blue difference.
class DenoisePlanes : public Halide::Generator<DenoisePlanes> {
 public:
  Input<Buffer<std::uint16_t, 3>> rgb{"rgb"};  // even places from 0
  Output<Buffer<float, 3>> planes{"planes"};

  void generate() {
    using namespace Halide;
    Func bounded = BoundaryConditions::repeat_edge(rgb), value("value"), rows;
    value(x, y, c) = cast<float>(bounded(x, y, c)) * (1.0f / lichtbild::demosaic_codes::sample_one);
    Func half = denoise_stages::halved(value, rows, x, y, c);
    Expr luma = (half(x, y, 0) + 2.0f * half(x, y, 1) + half(x, y, 2)) * 0.25f;
    planes(x, y, c) = mux(c, {luma, half(x, y, 0) - luma, half(x, y, 2) - luma});

    // schedule
    const int vector = natural_vector_size<float>();
    planes.bound(c, 0, 3).split(y, yo, yi, 16, TailStrategy::GuardWithIf).parallel(yo);
    planes.vectorize(x, vector, TailStrategy::GuardWithIf).reorder(c, x, yi, yo).unroll(c);
    half.compute_at(planes, x).unroll(c).vectorize(x, vector);
    rows.compute_at(planes, yi).vectorize(x, vector);
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"}, yo{"yo"}, yi{"yi"};
};

// The next coarser scale of three planes.
class DenoiseHalf : public Halide::Generator<DenoiseHalf> {
 public:
  Input<Buffer<float, 3>> planes{"planes"};
  Output<Buffer<float, 3>> half{"half"};

  void generate() {
    using namespace Halide;
    Func rows;
    half(x, y, c) =
        denoise_stages::halved(BoundaryConditions::repeat_edge(planes), rows, x, y, c)(x, y, c);

    // schedule
    const int vector = natural_vector_size<float>();
    half.split(y, yo, yi, 16, TailStrategy::GuardWithIf).parallel(yo);
    half.vectorize(x, vector, TailStrategy::GuardWithIf).reorder(x, yi, c, yo);
    rows.compute_at(half, yi).vectorize(x, vector);
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"}, yo{"yo"}, yi{"yi"};
};

// One scale: what was denoised below it, plus the detail that is worth keeping.
class DenoiseScale : public Halide::Generator<DenoiseScale> {
 public:
  Input<Buffer<float, 3>> planes{"planes"};  // of this scale
  Input<Buffer<float, 3>> half{"half"};      // of the next
  Input<Buffer<float, 3>> clean_half{"clean_half"};
  Input<Buffer<float, 2>> variance_ratio{"variance_ratio"};  // an eighth of the full size
  Input<Buffer<float, 2>> noise{"noise"};  // scale, plane (luma, red difference, blue difference)
  Input<int> scale{"scale"};               // 0 is half the full size
  Output<Buffer<float, 3>> clean{"clean"};

  void generate() {
    denoise_stages::Cleaned cleaned(planes, half, clean_half, variance_ratio, noise, scale);
    clean(x, y, c) = cleaned.clean(x, y, c);

    // schedule
    clean.tile(x, y, xo, yo, x, y, 128, 16, TailStrategy::GuardWithIf);
    clean.reorder(x, y, c, xo, yo).unroll(x, 2).vectorize(x, natural_vector_size<float>());
    clean.parallel(yo).never_partition(y, yo);
    cleaned.compute_at(clean, c, natural_vector_size<float>());
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"}, xo{"xo"}, yo{"yo"};
};

// The change at half the size, as red, green and blue, is added to the full-size picture.
class Denoise : public Halide::Generator<Denoise> {
 public:
  Input<Buffer<std::uint16_t, 3>> rgb{"rgb"};  // encoded: v = sqrt(s + lift); even places from 0
  Input<Buffer<float, 3>> planes{"planes"};    // at half the size
  Input<Buffer<float, 3>> half{"half"};        // at a quarter
  Input<Buffer<float, 3>> clean_half{"clean_half"};
  Input<Buffer<float, 2>> variance_ratio{"variance_ratio"};  // as of DenoiseScale
  Input<Buffer<float, 2>> noise{"noise"};
  Input<Buffer<float, 2>> matrix{"matrix"};  // column, row: from balanced camera values to Rec.2020
  Input<float> lift{"lift"};
  // May be the memory of `rgb`: a pixel is written after it was read for the last time.
  Output<Buffer<Halide::float16_t, 3>> rec2020{"rec2020"};

  void generate() {
    using namespace Halide;
    // Nothing of the finest scale is kept but its change, within a tile.
    denoise_stages::Cleaned cleaned(planes, half, clean_half, variance_ratio, noise, 0);
    const Region whole{{0, planes.width()}, {0, planes.height()}, {Expr(), Expr()}};
    Func before = BoundaryConditions::repeat_edge(planes),
         after = BoundaryConditions::repeat_edge(cleaned.clean, whole), change("change"),
         change_rows, linear("linear");
    const auto changed = [&](int plane) { return after(x, y, plane) - before(x, y, plane); };
    change(x, y, c) =
        mux(c, {changed(0) + changed(1), changed(0) - 0.5f * (changed(1) + changed(2)),
                changed(0) + changed(2)});
    Func bounded = BoundaryConditions::repeat_edge(rgb);
    Expr value = cast<float>(bounded(x, y, c)) * (1.0f / lichtbild::demosaic_codes::sample_one);
    Expr encoded = max(value + denoise_stages::enlarged(change, change_rows, x, y, c), 0.0f);
    linear(x, y, c) = encoded * encoded - lift;
    constexpr float greatest = 65504;  // of half floats
    rec2020(x, y, c) =
        cast<float16_t>(clamp(matrix(0, c) * linear(x, y, 0) + matrix(1, c) * linear(x, y, 1) +
                                  matrix(2, c) * linear(x, y, 2),
                              -greatest, greatest));

    // schedule
    const int vector = natural_vector_size<float>();
    rec2020.bound(c, 0, 3)
        .tile(x, y, xo, yo, x, y, 256, 32, TailStrategy::GuardWithIf)
        .reorder(c, x, y, xo, yo);
    rec2020.unroll(c).vectorize(x, vector).parallel(yo);
    linear.compute_at(rec2020, y)
        .hoist_storage(rec2020, yo)
        .reorder(x, c, y)
        .align_bounds(x, 2)
        .unroll(x, 2)
        .vectorize(x, vector);
    change_rows.compute_at(rec2020, y).hoist_storage(rec2020, yo).vectorize(x, vector);
    cleaned.clean.compute_at(rec2020, xo).bound(c, 0, 3).align_bounds(x, 2);
    cleaned.clean.unroll(x, 2).vectorize(x, vector).never_partition(y);
    cleaned.compute_at(cleaned.clean, c, vector);
    change.compute_at(rec2020, xo).bound(c, 0, 3).reorder(c, x, y).unroll(c).vectorize(x, vector);
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"}, xo{"xo"}, yo{"yo"};
};
