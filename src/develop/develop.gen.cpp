// The pixel kernels of the room develop; their stages and schedules are in the .hl.h files.
#include "develop/demosaic.hl.h"
#include "develop/denoise.hl.h"

HALIDE_REGISTER_GENERATOR(Demosaic, demosaic)
HALIDE_REGISTER_GENERATOR(DenoisePlanes, denoise_planes)
HALIDE_REGISTER_GENERATOR(DenoiseHalf, denoise_half)
HALIDE_REGISTER_GENERATOR(DenoiseScale, denoise_scale)
HALIDE_REGISTER_GENERATOR(Denoise, denoise)
