#include "fma_peak.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fma_peak.cpp"
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Twelve independent chains: more than latency times width of any core.
double fmas(long rounds) {
  const hn::ScalableTag<double> d;
  constexpr int chains = 12;
  const auto a = hn::Set(d, 0.999), b = hn::Set(d, 1e-3);
  hn::Vec<decltype(d)> v[chains];
  for (int i = 0; i < chains; ++i) v[i] = hn::Set(d, i);
  const long turns = rounds * fma_round / (chains * long(hn::Lanes(d)));
  for (long turn = 0; turn < turns; ++turn)
    for (int i = 0; i < chains; ++i) v[i] = hn::MulAdd(v[i], a, b);
  for (int i = 1; i < chains; ++i) v[0] = hn::Add(v[0], v[i]);
  return hn::GetLane(v[0]);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lichtbild {
HWY_EXPORT(fmas);
double run_fmas(long rounds) { return HWY_DYNAMIC_DISPATCH(fmas)(rounds); }
}  // namespace lichtbild
#endif
