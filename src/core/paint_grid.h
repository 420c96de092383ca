// PaintGrid: where the cells of a painted picture lie: in pixels of the ideal photograph, (0, 0) in
// the middle of the frame, x to the right, y down.
//
// The ideal photograph has straight lines (f tan theta), no blur, and the size of the sensor.
#pragma once

namespace lichtbild {

struct PaintGrid {
  int width = 0, height = 0;              // cells
  double first_x = 0, first_y = 0;        // of the first cell's center
  double step = 1;                        // pixels from cell to cell
  int frame_width = 0, frame_height = 0;  // pixels of the photograph
};

}  // namespace lichtbild
