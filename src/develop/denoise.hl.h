// Denoise: what the demosaicing network cannot see - noise coarser than its window - is taken away
// scale by scale; out comes linear Rec.2020.
//
// At half the size and below, luma (R + 2G + B) / 4 and the differences R - luma and B - luma are
// split into a Laplacian pyramid. At each scale a detail is multiplied by the Wiener factor e / (e
// + n), e its local energy less the noise's: detail stronger than noise stays, noise goes. n is the
// noise variance that the frame's model leaves at that scale (noise_scales.h), times the wished
// strength. The full-size picture gets the difference that this made, enlarged.
#pragma once

#include <Halide.h>

#include <string>
#include <vector>

class Denoise : public Halide::Generator<Denoise> {
 public:
  static constexpr int levels = 5;  // of details: 1/2 to 1/32 of the size
  static constexpr float code = 16384;

  Input<Buffer<std::uint16_t, 3>> rgb{
      "rgb"};  // encoded: v = sqrt(s + lift), times code; even places from 0
  Input<Buffer<float, 2>> variance_ratio{"variance_ratio"};  // an eighth of the size
  Input<Buffer<float, 2>> noise{"noise"};    // scale, plane (luma, red difference, blue difference)
  Input<Buffer<float, 2>> matrix{"matrix"};  // column, row: from balanced camera values to Rec.2020
  Input<float> lift{"lift"};
  // May be the memory of `rgb`: a pixel is written after it was read for the last time.
  Output<Buffer<Halide::float16_t, 3>> rec2020{"rec2020"};

  void generate() {
    using namespace Halide;
    Expr width = (rgb.width() + 1) / 2,
         height = (rgb.height() + 1) / 2;  // of the finest level here
    Func bounded = BoundaryConditions::repeat_edge(rgb), value("value");
    value(x, y, c) = cast<float>(bounded(x, y, c)) * (1.0f / code);

    // The Gaussian pyramid, [1 3 3 1] / 8 down; the same filter's transpose, [1 3] / 4, enlarges.
    const auto halved = [&](Func in, Func& row, const std::string& name) {
      row = Func("rows" + name);
      Func down("gaussian" + name);
      row(x, y, c) = (in(x, 2 * y - 1, c) + in(x, 2 * y + 2, c)) * 0.125f +
                     (in(x, 2 * y, c) + in(x, 2 * y + 1, c)) * 0.375f;
      down(x, y, c) = (row(2 * x - 1, y, c) + row(2 * x + 2, y, c)) * 0.125f +
                      (row(2 * x, y, c) + row(2 * x + 1, y, c)) * 0.375f;
      return down;
    };
    const auto edge = [&](Func f, int k) {
      Expr w = max((width + (1 << k) - 1) >> k, 1), h = max((height + (1 << k) - 1) >> k, 1);
      return BoundaryConditions::repeat_edge(f, {{0, w}, {0, h}, {Expr(), Expr()}});
    };
    Func half_rows, half = halved(value, half_rows, "_half"), planes("planes");
    Expr luma = (half(x, y, 0) + 2.0f * half(x, y, 1) + half(x, y, 2)) * 0.25f;
    planes(x, y, c) = mux(c, {luma, half(x, y, 0) - luma, half(x, y, 2) - luma});
    std::vector<Func> gaussian = {planes}, extended = {edge(planes, 0)}, rows(levels);
    for (int k = 0; k < levels; ++k) {
      gaussian.push_back(halved(extended[k], rows[k], std::to_string(k + 1)));
      extended.push_back(edge(gaussian[k + 1], k + 1));
    }

    // From the coarsest scale up: what was denoised, plus the detail that is worth keeping.
    std::vector<Func> clean(levels + 1), detail(levels), energy_rows(levels), up_rows(levels),
        clean_rows(levels);
    clean[levels] = extended[levels];
    const auto up = [&](Func coarse, Func& rows_out, const std::string& prefix,
                        const std::string& level) {
      rows_out = Func(prefix + "_rows" + level);
      rows_out(x, y, c) =
          0.75f * coarse(x, y / 2, c) + 0.25f * coarse(x, y / 2 + select(y % 2 == 0, -1, 1), c);
      return 0.75f * rows_out(x / 2, y, c) +
             0.25f * rows_out(x / 2 + select(x % 2 == 0, -1, 1), y, c);
    };
    for (int k = levels - 1; k >= 0; --k) {
      const std::string name = std::to_string(k);
      detail[k] = Func("detail" + name);
      detail[k](x, y, c) = gaussian[k](x, y, c) - up(extended[k + 1], up_rows[k], "up", name);
      Func d = edge(detail[k], k);
      // Local energy under a 5x5 binomial-like window.
      const float window[] = {0.1f, 0.25f, 0.3f, 0.25f, 0.1f};
      energy_rows[k] = Func("energy_rows" + name);
      Expr down_sum = 0.0f, across_sum = 0.0f;
      for (int i = -2; i <= 2; ++i) down_sum += window[i + 2] * d(x, y + i, c) * d(x, y + i, c);
      energy_rows[k](x, y, c) = down_sum;
      for (int i = -2; i <= 2; ++i) across_sum += window[i + 2] * energy_rows[k](x + i, y, c);
      const int to_map = 2 - k;  // the map is an eighth of the full size
      Expr mx = to_map >= 0 ? x >> to_map : x << -to_map,
           my = to_map >= 0 ? y >> to_map : y << -to_map;
      Expr n = noise(k, c) * variance_ratio(clamp(mx, 0, variance_ratio.width() - 1),
                                            clamp(my, 0, variance_ratio.height() - 1));
      // The energy's own scatter would let noise through in patches: a margin of half the noise.
      Expr signal = max(across_sum - 1.5f * n, 0.0f);
      Expr keep = signal / (signal + n + 1e-12f);
      Func finer("finer" + name);
      finer(x, y, c) = up(clean[k + 1], clean_rows[k], "clean", name) + detail[k](x, y, c) * keep;
      finer_.push_back(finer);
      clean[k] = edge(finer, k);
    }

    // The change at half the size, as red, green and blue, is added to the full-size picture.
    Func change("change"), change_rows, linear("linear");
    const auto changed = [&](int plane) {
      return clean[0](x, y, plane) - extended[0](x, y, plane);
    };
    change(x, y, c) =
        mux(c, {changed(0) + changed(1), changed(0) - 0.5f * (changed(1) + changed(2)),
                changed(0) + changed(2)});
    Expr encoded = max(value(x, y, c) + up(change, change_rows, "change", ""), 0.0f);
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
        .reorder(x, c, y)
        .align_bounds(x, 2)
        .unroll(x, 2)
        .vectorize(x, vector);
    change_rows.compute_at(rec2020, y).vectorize(x, vector);
    change.compute_at(rec2020, xo).bound(c, 0, 3).reorder(c, x, y).unroll(c).vectorize(x, vector);
    for (int k = 0; k <= levels; ++k) {
      gaussian[k]
          .compute_root()
          .bound(c, 0, 3)
          .split(y, yo, yi, 16, TailStrategy::GuardWithIf)
          .parallel(yo);
      gaussian[k].vectorize(x, vector, TailStrategy::GuardWithIf);
      if (k == 0) {
        gaussian[k].reorder(c, x, yi, yo).unroll(c);
        half.compute_at(gaussian[k], x).unroll(c).vectorize(x, vector);
        half_rows.compute_at(gaussian[k], yi).vectorize(x, vector);
      } else {
        gaussian[k].reorder(x, yi, c, yo);
        rows[k - 1].compute_at(gaussian[k], yi).vectorize(x, vector);
      }
    }
    for (int k = 0; k < levels; ++k) {
      Func finer = finer_[levels - 1 - k];
      finer.compute_root().bound(c, 0, 3).tile(x, y, xo, yo, x, y, 128, 16,
                                               TailStrategy::GuardWithIf);
      finer.reorder(x, y, c, xo, yo).unroll(x, 2).vectorize(x, vector).parallel(yo);
      detail[k].compute_at(finer, c).align_bounds(x, 2).unroll(x, 2).vectorize(x, vector);
      energy_rows[k].compute_at(finer, c).vectorize(x, vector);
      up_rows[k].compute_at(finer, c).vectorize(x, vector);
      clean_rows[k].compute_at(finer, c).vectorize(x, vector);
    }
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"}, xo{"xo"}, yo{"yo"}, yi{"yi"};
  std::vector<Halide::Func> finer_;
};
