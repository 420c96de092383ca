// One reader a format; read_image() chooses by the file's first bytes. Contract: picture.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/image.h"
#include "picture/picture.h"

namespace lichtbild {

Image<float> read_jpeg(const std::string& path);
Image<float> read_png(const std::string& path);
Image<float> read_tiff(const std::string& path);
Image<float> read_exr(const std::string& path);
Image<float> read_hdr(const std::string& path);
Image<float> parse_hdr(std::string_view file, const std::string& where);

PictureColors jpeg_colors(const std::string& path);
PictureColors png_colors(const std::string& path);
PictureColors tiff_colors(const std::string& path);
PictureColors exr_colors(const std::string& path);
PictureColors hdr_colors(const std::string& path);

// Throws Error unless the size is one that a picture may have: a header of few bytes must not claim
// all memory.
void check_size(const std::string& path, double width, double height);

// One row of samples, `step` a pixel, into the planes of row y: value * scale. Samples beyond the
// planes are dropped.
template <class T>
void put_row(Image<float>& image, int y, const T* samples, int step, float scale) {
  for (int plane = 0; plane < image.planes(); ++plane) {
    float* row = image.row(y, plane);
    for (int x = 0; x < image.width(); ++x) row[x] = float(samples[x * step + plane]) * scale;
  }
}

}  // namespace lichtbild
