// parallel_rows(rows, body): body(first, last) over [0, rows) split evenly between the processor's
// cores; parallel_blocks(rows, rows_of_block, body): the same in blocks that the cores take in
// turn, for rows that differ in work.
//
// Every row is computed by the same code: results do not depend on the number of threads as long as
// the body writes nothing that two rows share.
#pragma once

#include <algorithm>
#include <atomic>
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

template <class Body>
void parallel_blocks(int rows, int rows_of_block, Body&& body) {
  const int blocks = (rows + rows_of_block - 1) / rows_of_block;
  std::atomic<int> next = 0;
  parallel_rows(std::min<int>(blocks, std::max(1u, std::thread::hardware_concurrency())),
                [&](int, int) {
                  for (int k = next++; k < blocks; k = next++)
                    body(k * rows_of_block, std::min(rows, (k + 1) * rows_of_block));
                });
}

}  // namespace lichtbild
