// parallel_rows(rows, body): body(first, last) over [0, rows) split evenly between the processor's
// cores.
//
// The split depends on the number of cores only, and every row is computed by the same code:
// results do not depend on the number of threads as long as the body writes nothing that two rows
// share.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

namespace lichtbild {

template <class Body>
void parallel_rows(int rows, Body&& body) {
  const int threads = std::clamp<int>(std::thread::hardware_concurrency(), 1, std::max(rows, 1));
  std::vector<std::jthread> others;
  for (int i = 1; i < threads; ++i)
    others.emplace_back([&, i] { body(long(rows) * i / threads, long(rows) * (i + 1) / threads); });
  body(0, rows / threads);
}

}  // namespace lichtbild
