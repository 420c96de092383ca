// The pixel kernels of the room develop. Composition and schedules; the stages are in the .hl.h
// files.
#include <Halide.h>

#include "develop/demosaic.hl.h"
#include "develop/denoise.hl.h"

using namespace Halide;

namespace {

// Mosaic of white-balanced signal to full-color, square-root encoded: v = sqrt(max(s + lift, 0)).
class Demosaic : public Generator<Demosaic> {
 public:
  Input<Buffer<float, 2>> mosaic{"mosaic"};
  Input<int32_t> red_x{"red_x"}, red_y{"red_y"};  // where red lies in the 2x2 filter
  Input<float> lift{"lift"};
  Output<Buffer<float, 3>> rgb{"rgb"};

  void generate() {
    Func encoded("encoded"), bayer("bayer");
    encoded(x, y) = sqrt(max(BoundaryConditions::mirror_interior(mosaic)(x, y) + lift, 0.0f));
    bayer(x, y) = encoded(x + red_x, y + red_y);  // red at even places
    Func full = demosaic_linear(bayer);
    rgb(x, y, c) = full(x - red_x, y - red_y, c);
    // schedule
    const int vector = natural_vector_size<float>();
    Var xo("xo"), yo("yo");
    rgb.bound(c, 0, 3)
        .tile(x, y, xo, yo, x, y, 256, 32, TailStrategy::GuardWithIf)
        .reorder(x, y, c, xo, yo);
    rgb.vectorize(x, vector).parallel(yo);
    full.compute_at(rgb, xo)
        .bound(c, 0, 3)
        .align_bounds(x, 2)
        .align_bounds(y, 2)
        .reorder(c, x, y)
        .unroll(c);
    full.unroll(y, 2).vectorize(x, 2 * vector);
    bayer.compute_at(rgb, xo).vectorize(x, vector);
  }

 private:
  Var x{"x"}, y{"y"}, c{"c"};
};

}  // namespace

HALIDE_REGISTER_GENERATOR(Demosaic, demosaic)
HALIDE_REGISTER_GENERATOR(Denoise, denoise)
