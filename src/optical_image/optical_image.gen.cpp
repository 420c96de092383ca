// The pixel kernel of the room optical_image; what it is for is explained in blur.cpp.
#include <Halide.h>

using namespace Halide;
using namespace Halide::BoundaryConditions;

namespace {

Var x("x"), y("y"), xo("xo"), yo("yo"), xi("xi"), yi("yi");

// One tile of a picture convolved with one kernel (indices around 0, as a correlation), and a
// coarse picture of a quarter of the size added, interpolated linearly. The border is repeated.
class BlurTile : public Generator<BlurTile> {
 public:
  Input<Buffer<float16_t, 2>> picture{"picture"};
  Input<Buffer<float, 2>> kernel{"kernel"};
  Input<Buffer<float, 2>> coarse{"coarse"};
  Output<Buffer<float16_t, 2>> tile{"tile"};

  void generate() {
    Func in("in"), sum("sum"), skirt("skirt"), skirt_rows("skirt_rows");
    in(x, y) = cast<float>(repeat_edge(picture)(x, y));
    const RDom k(kernel.dim(0).min(), kernel.dim(0).extent(), kernel.dim(1).min(),
                 kernel.dim(1).extent());
    sum(x, y) = 0.f;
    sum(x, y) += kernel(k.x, k.y) * in(x + k.x, y + k.y);

    // Cell x lies at (x - 1.5) / 4 of the coarse cells.
    Func c = repeat_edge(coarse);
    const auto whole = [](Var v) { return (v - 2 + 4) / 4 - 1; };
    const auto part = [&](Var v) { return (cast<float>(v - 4 * whole(v)) - 1.5f) * 0.25f; };
    skirt_rows(x, y) = c(x, whole(y)) + (c(x, whole(y) + 1) - c(x, whole(y))) * part(y);
    skirt(x, y) =
        skirt_rows(whole(x), y) + (skirt_rows(whole(x) + 1, y) - skirt_rows(whole(x), y)) * part(x);
    tile(x, y) = cast<float16_t>(min(sum(x, y) + skirt(x, y), 65504.f));

    // schedule
    const int lanes = natural_vector_size<float>();
    tile.dim(0).set_stride(1);
    tile.tile(x, y, xo, yo, xi, yi, 4 * lanes, 4, TailStrategy::GuardWithIf).vectorize(xi, lanes);
    in.compute_root().vectorize(x, lanes, TailStrategy::RoundUp);
    skirt_rows.compute_at(tile, yo);
    sum.compute_at(tile, xo).vectorize(x, lanes).unroll(x).unroll(y);
    sum.update().reorder(x, y, k.x, k.y).vectorize(x, lanes).unroll(x).unroll(y);
    sum.bound_extent(x, 4 * lanes).bound_extent(y, 4);
  }
};

}  // namespace

HALIDE_REGISTER_GENERATOR(BlurTile, blur_tile)
