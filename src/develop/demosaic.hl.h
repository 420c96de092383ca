// Demosaic: a small convolutional network that knows the noise, at the resolution of quads.
//
//   quad = red, green right of it, green below it, blue        (4 planes, square-root encoded)
//   h0 = prelu(conv3x3(quad) + noise0 s),  h1 = prelu(conv3x3(h0) + noise1 s),  h2 =
//   prelu(conv3x3(h1) + noise2 s) picture = conv3x3(quad) + conv1x1(h2)                      (12
//   planes: 4 places x red, green, blue)
//
// s holds the standard deviations of red, green and blue samples; prelu(v) = max(v, 0) + slope
// min(v, 0), one slope per channel. There is no other bias, so f(k x, k s) = k f(x, s); constant
// colors are reproduced exactly. 1464 multiply-adds per pixel. The weights are learned by
// tools/train_demosaic.py (docs/decisions/003-learned-demosaic.md).
#pragma once

#include <Halide.h>

#include <string>

class Demosaic : public Halide::Generator<Demosaic> {
 public:
  static constexpr int channels = 16;
  static constexpr float code = 16384;  // of the encoded value 1 in 16 bits

  // In coordinates in which red is at even places; the border mirrors the samples about the
  // outermost.
  Input<Buffer<float, 2>> mosaic{"mosaic"};
  Input<float> lift{"lift"};
  Input<Buffer<float, 2>> noise_scale{
      "noise_scale"};  // factor on s, an eighth of the mosaic's size
  Input<Buffer<float, 4>> skip{"skip"}, stem{"stem"}, dense1{"dense1"},
      dense2{"dense2"};                                        // out, in, kx, ky
  Input<Buffer<float, 2>> head{"head"};                        // out, in
  Input<Buffer<float, 2>> slopes{"slopes"}, biases{"biases"};  // channel, layer; noise s
  Input<Buffer<float, 1>> flat{"flat"};                        // answer to the biases alone
  // Two samples across, quads across, two samples down, quads down, color: v = sqrt(max(signal +
  // lift, 0)) x code.
  Output<Buffer<std::uint16_t, 5>> rgb{"rgb"};

  void generate() {
    using namespace Halide;
    Func mirrored = BoundaryConditions::mirror_interior(mosaic);
    quad(x, y, c) = sqrt(max(mirrored(2 * x + c % 2, 2 * y + c / 2) + lift, 0.0f));
    Func scale_map = BoundaryConditions::repeat_edge(noise_scale);
    scale(x, y) = scale_map(x / 4, y / 4);

    Func h0 = layer(quad, 4, stem, 0), h1 = layer(h0, channels, dense1, 1),
         h2 = layer(h1, channels, dense2, 2);
    Expr place = (j * 2 + i) * 3 + c, sum = -flat(place) * scale(x, y);
    for (int ky = 0; ky < 3; ++ky)
      for (int kx = 0; kx < 3; ++kx)
        for (int k = 0; k < 4; ++k) sum += skip(place, k, kx, ky) * quad(x + kx - 1, y + ky - 1, k);
    for (int k = 0; k < channels; ++k) sum += head(place, k) * h2(x, y, k);
    rgb(i, x, j, y, c) = cast<std::uint16_t>(clamp(sum * code + 0.5f, 0.0f, 65535.0f));

    // schedule: tiles whose layers stay in the second-level cache
    const int vector = natural_vector_size<float>();
    rgb.bound(i, 0, 2).bound(j, 0, 2).bound(c, 0, 3).tile(x, y, xo, yo, x, y, 126, 22,
                                                          TailStrategy::GuardWithIf);
    rgb.reorder(i, j, c, x, y, xo, yo)
        .unroll(i)
        .unroll(j)
        .unroll(c)
        .vectorize(x, vector, TailStrategy::GuardWithIf);
    rgb.parallel(yo)
        .never_partition_all();  // or all layers would be compiled anew for every border and corner
    quad.compute_at(rgb, xo).bound(c, 0, 4).reorder(x, c, y).unroll(c).vectorize(x, vector);
    scale.compute_at(rgb, xo).vectorize(x, vector);
  }

 private:
  // One layer. Accumulators for some channels of two vectors stay in registers while all taps go
  // by.
  Halide::Func layer(Halide::Func in, int in_channels, Input<Buffer<float, 4>>& kernel, int index) {
    using namespace Halide;
    const std::string name = std::to_string(index);
    Func sum("sum" + name), out("h" + name);
    RDom r(0, in_channels, 0, 3, 0, 3, "r" + name);
    sum(x, y, c) = biases(c, index) * scale(x, y);
    sum(x, y, c) += kernel(c, r.x, r.y, r.z) * in(x + r.y - 1, y + r.z - 1, r.x);
    out(x, y, c) = max(sum(x, y, c), 0.0f) + slopes(c, index) * min(sum(x, y, c), 0.0f);

    const int vector = natural_vector_size<float>(), channels_at_once = vector >= 16 ? 8 : 4;
    Var co("co"), ci("ci"), bx("bx"), bi("bi");
    out.compute_at(rgb, xo).bound(c, 0, channels).split(c, co, ci, channels_at_once);
    out.split(x, bx, bi, 2 * vector, TailStrategy::RoundUp).reorder(bi, ci, bx, y, co);
    out.vectorize(bi, vector).unroll(bi).unroll(ci);
    sum.compute_at(out, bx).reorder(x, c, y).vectorize(x, vector).unroll(x).unroll(c);
    sum.update()
        .reorder(x, c, r.y, r.x, r.z, y)
        .vectorize(x, vector)
        .unroll(x)
        .unroll(c)
        .unroll(r.y);
    return out;
  }

  Halide::Func quad{"quad"}, scale{"scale"};
  Halide::Var x{"x"}, y{"y"}, c{"c"}, i{"i"}, j{"j"}, xo{"xo"}, yo{"yo"};
};
