// Denoise: planes of encoded color lose the noise that the model explains, scale by scale; out
// comes linear Rec.2020.
//
// Luma (R + 2G + B) / 4 and the differences R - luma, B - luma are split into a Laplacian pyramid.
// At each scale a detail is multiplied by the Wiener factor e / (e + n), e its local energy less
// the noise's: detail stronger than noise stays, noise goes. n is the noise variance that the
// frame's model leaves at that scale (noise_scales.cpp), times the wished strength.
#pragma once

#include <Halide.h>

#include <string>
#include <vector>

class Denoise : public Halide::Generator<Denoise> {
 public:
  static constexpr int levels = 5;

  Input<Buffer<float, 3>> rgb{"rgb"};                        // encoded: v = sqrt(s + lift)
  Input<Buffer<float, 2>> variance_ratio{"variance_ratio"};  // an eighth of the size
  Input<Buffer<float, 2>> noise{"noise"};    // scale, plane (luma, red difference, blue difference)
  Input<Buffer<float, 2>> matrix{"matrix"};  // column, row: from balanced camera values to Rec.2020
  Input<float> lift{"lift"};
  Output<Buffer<float, 3>> rec2020{"rec2020"};

  void generate() {
    using namespace Halide;
    Expr width = rgb.width(), height = rgb.height();
    // Decorrelated planes.
    Func planes("planes");
    Expr luma = (rgb(x, y, 0) + 2.0f * rgb(x, y, 1) + rgb(x, y, 2)) * 0.25f;
    planes(x, y, c) = mux(c, {luma, rgb(x, y, 0) - luma, rgb(x, y, 2) - luma});

    // The Gaussian pyramid, [1 3 3 1] / 8 down, and the same filter's transpose, [1 3] / 4, up.
    std::vector<Func> gaussian = {planes}, extended, rows(levels);
    for (int k = 0; k < levels; ++k) {
      Expr w = max(width >> k, 1), h = max(height >> k, 1);
      extended.push_back(
          BoundaryConditions::repeat_edge(gaussian[k], {{0, w}, {0, h}, {Expr(), Expr()}}));
      rows[k] = Func("rows" + std::to_string(k));
      Func down("gaussian" + std::to_string(k + 1)), &in = extended[k], &row = rows[k];
      row(x, y, c) = (in(x, 2 * y - 1, c) + in(x, 2 * y + 2, c)) * 0.125f +
                     (in(x, 2 * y, c) + in(x, 2 * y + 1, c)) * 0.375f;
      down(x, y, c) = (row(2 * x - 1, y, c) + row(2 * x + 2, y, c)) * 0.125f +
                      (row(2 * x, y, c) + row(2 * x + 1, y, c)) * 0.375f;
      gaussian.push_back(down);
    }
    extended.push_back(BoundaryConditions::repeat_edge(
        gaussian[levels],
        {{0, max(width >> levels, 1)}, {0, max(height >> levels, 1)}, {Expr(), Expr()}}));

    // From the coarsest scale up: what was denoised, plus the detail that is worth keeping.
    std::vector<Func> clean(levels + 1), detail(levels), energy_rows(levels), up_rows(levels),
        clean_rows(levels);
    clean[levels] = extended[levels];
    for (int k = levels - 1; k >= 0; --k) {
      const std::string name = std::to_string(k);
      const auto up = [&](Func coarse, Func& rows_out, const std::string& prefix) {
        rows_out = Func(prefix + "_rows" + name);
        Expr py = y / 2, side = select(y % 2 == 0, -1, 1);
        rows_out(x, y, c) = 0.75f * coarse(x, py, c) + 0.25f * coarse(x, py + side, c);
        Expr px = x / 2, side_x = select(x % 2 == 0, -1, 1);
        return 0.75f * rows_out(px, y, c) + 0.25f * rows_out(px + side_x, y, c);
      };
      detail[k] = Func("detail" + name);
      detail[k](x, y, c) = gaussian[k](x, y, c) - up(extended[k + 1], up_rows[k], "up");
      Expr w = max(width >> k, 1), h = max(height >> k, 1);
      Func d = BoundaryConditions::repeat_edge(detail[k], {{0, w}, {0, h}, {Expr(), Expr()}});
      // Local energy under a 5x5 binomial-like window.
      const float window[] = {0.1f, 0.25f, 0.3f, 0.25f, 0.1f};
      energy_rows[k] = Func("energy_rows" + name);
      Expr down_sum = 0.0f, across_sum = 0.0f;
      for (int i = -2; i <= 2; ++i) down_sum += window[i + 2] * d(x, y + i, c) * d(x, y + i, c);
      energy_rows[k](x, y, c) = down_sum;
      for (int i = -2; i <= 2; ++i) across_sum += window[i + 2] * energy_rows[k](x + i, y, c);
      const int to_map = 3 - k;  // the map is an eighth of the size
      Expr mx = to_map >= 0 ? x >> to_map : x << -to_map,
           my = to_map >= 0 ? y >> to_map : y << -to_map;
      Expr n = noise(k, c) * variance_ratio(clamp(mx, 0, variance_ratio.width() - 1),
                                            clamp(my, 0, variance_ratio.height() - 1));
      // The energy's own scatter would let noise through in patches: a margin of half the noise.
      Expr signal = max(across_sum - 1.5f * n, 0.0f);
      Expr keep = signal / (signal + n + 1e-12f);
      clean[k] = Func("clean" + name);
      Func finer("finer" + name);
      finer(x, y, c) = up(clean[k + 1], clean_rows[k], "clean") + detail[k](x, y, c) * keep;
      clean[k] = k == 0
                     ? finer
                     : BoundaryConditions::repeat_edge(finer, {{0, w}, {0, h}, {Expr(), Expr()}});
      finer_.push_back(finer);
    }

    // Back to red, green, blue, to linear light and to Rec.2020.
    Func linear("linear");
    Expr y0 = clean[0](x, y, 0), r = clean[0](x, y, 1) + y0, b = clean[0](x, y, 2) + y0;
    Expr g = y0 - 0.5f * (clean[0](x, y, 1) + clean[0](x, y, 2));
    const auto decode = [&](Expr v) { return max(v, 0.0f) * max(v, 0.0f) - lift; };
    linear(x, y, c) = mux(c, {decode(r), decode(g), decode(b)});
    rec2020(x, y, c) = matrix(0, c) * linear(x, y, 0) + matrix(1, c) * linear(x, y, 1) +
                       matrix(2, c) * linear(x, y, 2);

    // schedule
    const int vector = natural_vector_size<float>();
    Var xo("xo"), yo("yo"), yi("yi");
    rec2020.bound(c, 0, 3)
        .tile(x, y, xo, yo, x, y, 256, 32, TailStrategy::GuardWithIf)
        .reorder(c, x, y, xo, yo);
    rec2020.unroll(c).vectorize(x, vector).parallel(yo);
    linear.compute_at(rec2020, x).reorder(c, x, y).unroll(c).vectorize(x, vector);
    for (int k = 1; k <= levels; ++k) {
      gaussian[k]
          .compute_root()
          .bound(c, 0, 3)
          .split(y, yo, yi, 16, TailStrategy::GuardWithIf)
          .reorder(x, yi, c, yo)
          .parallel(yo);
      gaussian[k].vectorize(x, vector, TailStrategy::GuardWithIf);
      rows[k - 1].compute_at(gaussian[k], yi).vectorize(x, vector);
    }
    for (int k = levels - 1; k >= 0; --k) {
      Func finer = finer_[levels - 1 - k];
      if (k > 0) {
        finer.compute_root()
            .bound(c, 0, 3)
            .tile(x, y, xo, yo, x, y, 128, 16, TailStrategy::GuardWithIf)
            .reorder(x, y, c, xo, yo);
        finer.vectorize(x, vector).parallel(yo);
        detail[k].compute_at(finer, c).vectorize(x, vector);
        energy_rows[k].compute_at(finer, c).vectorize(x, vector);
        up_rows[k].compute_at(finer, c).vectorize(x, vector);
        clean_rows[k].compute_at(finer, c).vectorize(x, vector);
      } else {
        finer.compute_at(rec2020, xo).bound(c, 0, 3).reorder(x, y, c).vectorize(x, vector);
        detail[k].compute_at(finer, c).vectorize(x, vector);
        energy_rows[k].compute_at(finer, c).vectorize(x, vector);
        up_rows[k].compute_at(finer, c).vectorize(x, vector);
        clean_rows[k].compute_at(finer, c).vectorize(x, vector);
      }
    }
  }

 private:
  Halide::Var x{"x"}, y{"y"}, c{"c"};
  std::vector<Halide::Func> finer_;
};
