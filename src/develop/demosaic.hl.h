// Demosaic: a small convolutional network that knows the noise, at the resolution of quads.
//
//   quad = red, green right of it, green below it, blue        (4 planes, square-root encoded)
//   h0 = prelu(conv3x3(quad) + noise0 s),  h1 = prelu(conv3x3(h0) + noise1 s),  h2 =
//   prelu(conv3x3(h1) + noise2 s) picture = conv3x3(quad) + conv1x1(h2)                      (12
//   planes: 4 places x red, green, blue)
//
// s holds the standard deviations of red, green and blue samples; prelu(v) = max(v, 0) + slope
// min(v, 0), one slope per channel. There is no other bias, so f(k x, k s) = k f(x, s); constant
// colors are reproduced exactly. 1464 multiply-adds per pixel, of 16-bit integers
// (demosaic_codes.h). The weights are learned by tools/train_demosaic.py
// (docs/decisions/003-learned-demosaic.md).
#pragma once

#include <Halide.h>

#include <string>

#include "develop/demosaic_codes.h"

class Demosaic : public Halide::Generator<Demosaic> {
 public:
  static constexpr int channels = 16;

  // In coordinates in which red is at even places; the border mirrors the samples about the
  // outermost.
  Input<Buffer<float, 2>> mosaic{"mosaic"};
  Input<float> lift{"lift"};
  Input<Buffer<float, 2>> noise_scale{
      "noise_scale"};  // factor on s, an eighth of the mosaic's size
  // In pairs of channels: first or second, out, pair, kx, ky.
  Input<Buffer<std::int16_t, 5>> skip{"skip"}, stem{"stem"}, dense1{"dense1"}, dense2{"dense2"};
  Input<Buffer<std::int16_t, 3>> head{"head"};  // first or second, out, pair
  Input<Buffer<float, 3>> gains{"gains"};       // of sums above and below 0: sign, channel, layer
  Input<Buffer<float, 2>> biases{"biases"};     // channel, layer; in units of the sums
  Input<Buffer<float, 1>> flat{"flat"};         // answer to the biases alone
  // Two samples across, quads across, two samples down, quads down, color: v = sqrt(max(signal +
  // lift, 0)) x 16384.
  Output<Buffer<std::uint16_t, 5>> rgb{"rgb"};

  void generate() {
    using namespace Halide;
    namespace codes = lichtbild::demosaic_codes;
    Func mirrored = BoundaryConditions::mirror_interior(mosaic);
    Expr code = sqrt(max(mirrored(2 * x + p, 2 * y + c) + lift, 0.0f)) * float(codes::sample_one) +
                (codes::sample_zero + 0.5f);
    quad(p, x, y, c) = cast<std::int16_t>(cast<int>(floor(min(code, 32767.0f))));
    Func scale_map = BoundaryConditions::repeat_edge(noise_scale);
    scale(x, y) = scale_map(x / 4, y / 4);

    Func h0 = layer(quad, 2, stem, 0), h1 = layer(h0, channels / 2, dense1, 1),
         h2 = layer(h1, channels / 2, dense2, 2);
    // The offset of the samples returns with the skip's weights, whose sum is 1.
    constexpr int unity = 1 << codes::picture_shift;
    Func sum("sum");
    RDom s(0, 2, 0, 2, 0, 3, 0, 3, "s"), t(0, 2, 0, channels / 2, "t");
    sum(x, y, c) = unity / 2 - codes::sample_zero * unity - cast<int>(flat(c) * scale(x, y));
    sum(x, y, c) += cast<int>(skip(s.x, c, s.y, s.z, s.w)) *
                    cast<int>(quad(s.x, x + s.z - 1, y + s.w - 1, s.y));
    sum(x, y, c) += cast<int>(head(t.x, c, t.y)) * cast<int>(h2(t.x, x, y, t.y));
    rgb(i, x, j, y, c) = cast<std::uint16_t>(
        clamp(sum(x, y, (j * 2 + i) * 3 + c) >> codes::picture_shift, 0, 65535));

    // schedule: tiles whose layers stay in the second-level cache
    for (auto* kernel : {&skip, &stem, &dense1, &dense2}) {
      const int outs = kernel == &skip ? 12 : channels,
                pairs = kernel == &dense1 || kernel == &dense2 ? channels / 2 : 2;
      kernel->dim(0).set_bounds(0, 2);
      kernel->dim(1).set_bounds(0, outs).set_stride(2);
      kernel->dim(2).set_bounds(0, pairs).set_stride(2 * outs);
      kernel->dim(3).set_bounds(0, 3).set_stride(2 * outs * pairs);
      kernel->dim(4).set_bounds(0, 3).set_stride(3 * 2 * outs * pairs);
    }
    head.dim(0).set_bounds(0, 2);
    head.dim(1).set_bounds(0, 12).set_stride(2);
    head.dim(2).set_bounds(0, channels / 2).set_stride(2 * 12);
    const int vector = natural_vector_size<float>();
    rgb.bound(i, 0, 2).bound(j, 0, 2).bound(c, 0, 3).tile(x, y, xo, yo, x, y, 124, 46,
                                                          TailStrategy::GuardWithIf);
    rgb.split(x, bx, x, vector, TailStrategy::GuardWithIf).reorder(i, x, j, c, bx, y, xo, yo);
    rgb.unroll(i).unroll(j).unroll(c).vectorize(x);
    rgb.parallel(yo)
        .never_partition_all();  // or all layers would be compiled anew for every border and corner
    sum.compute_at(rgb, bx).bound(c, 0, 12).bound_extent(x, vector).reorder(x, c, y).unroll(c);
    sum.vectorize(x, vector);
    sum.update(0).reorder(s.x, x, c, s.z, s.y, s.w, y).atomic().vectorize(s.x).vectorize(x, vector);
    sum.update(0).unroll(c).unroll(s.z).unroll(s.y);
    sum.update(1).reorder(t.x, x, c, t.y, y).atomic().vectorize(t.x).vectorize(x, vector);
    sum.update(1).unroll(c).unroll(t.y);
    quad.compute_at(rgb, xo).bound(p, 0, 2).bound(c, 0, 2).reorder(p, x, c, y);
    quad.unroll(p).vectorize(x, vector).unroll(c);
    scale.compute_at(rgb, xo).vectorize(x, vector);
  }

 private:
  // One layer. Sums for some channels of two vectors stay in registers while all taps go by.
  Halide::Func layer(Halide::Func in, int in_pairs, Input<Buffer<std::int16_t, 5>>& kernel,
                     int index) {
    using namespace Halide;
    namespace codes = lichtbild::demosaic_codes;
    const std::string name = std::to_string(index);
    Func sum("sum" + name), out("h" + name);
    RDom r(0, 2, 0, in_pairs, 0, 3, 0, 3, "r" + name);
    constexpr float limit = codes::largest_bias;
    sum(x, y, c) = cast<int>(clamp(biases(c, index) * scale(x, y), -limit, limit));
    sum(x, y, c) += cast<int>(kernel(r.x, c, r.y, r.z, r.w)) *
                    cast<int>(in(r.x, x + r.z - 1, y + r.w - 1, r.y));
    // Rounding by the sum with 1.5 x 2^23, whose last bits are then the integer.
    Expr value = cast<float>(sum(x, y, 2 * c + p));
    Expr scaled =
        value * select(value > 0.0f, gains(0, 2 * c + p, index), gains(1, 2 * c + p, index));
    Expr rounded = clamp(scaled, -32768.0f, 32767.0f) + 12582912.0f;
    out(p, x, y, c) = cast<std::int16_t>(reinterpret<std::int32_t>(rounded));

    const int vector = natural_vector_size<float>(), channels_at_once = vector >= 16 ? 8 : 4;
    Var co("co"), ci("ci"), bi("bi");
    out.compute_at(rgb, xo).bound(p, 0, 2).bound(c, 0, channels / 2);
    out.split(c, co, ci, channels_at_once / 2).split(x, bx, bi, 2 * vector, TailStrategy::RoundUp);
    out.reorder(p, bi, ci, bx, y, co).unroll(p).vectorize(bi, vector).unroll(bi).unroll(ci);
    sum.compute_at(out, bx).reorder(x, c, y).vectorize(x, vector).unroll(x).unroll(c);
    sum.update().reorder(r.x, x, c, r.z, r.y, r.w, y).atomic().vectorize(r.x);
    sum.update().vectorize(x, vector).unroll(x).unroll(c).unroll(r.z);
    return out;
  }

  Halide::Func quad{"quad"}, scale{"scale"};
  Halide::Var x{"x"}, y{"y"}, c{"c"}, i{"i"}, j{"j"}, p{"p"}, xo{"xo"}, yo{"yo"}, bx{"bx"};
};
