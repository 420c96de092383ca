// Lattices: regions of about one size that stand in rows and columns, seen in perspective.
#pragma once

#include <vector>

#include "measure/even_regions.h"

namespace lichtbild {

struct Lattice {
  struct Node {
    int column, row;
    Point place;
  };
  std::vector<Node> nodes;  // one a place
};

// Every lattice of at least `least` regions, each grown from a region and two of its neighbors.
std::vector<Lattice> find_lattices(const std::vector<EvenRegion>& regions, int least);

}  // namespace lichtbild
