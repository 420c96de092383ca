// Vec3<T>: points and directions of a ray, over double, float or a Ceres Jet.
#pragma once

namespace lichtbild::optics {

template <class T>
struct Vec3 {
  T x{}, y{}, z{};

  friend Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vec3 operator*(const T& s, const Vec3& v) { return {s * v.x, s * v.y, s * v.z}; }
};

template <class T>
T dot(const Vec3<T>& a, const Vec3<T>& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

template <class T>
Vec3<T> cross(const Vec3<T>& a, const Vec3<T>& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

// A rotation: columns are the moved axes in the fixed ones.
template <class T>
struct Rotation {
  Vec3<T> x{T(1), T(0), T(0)}, y{T(0), T(1), T(0)}, z{T(0), T(0), T(1)};

  Vec3<T> to_fixed(const Vec3<T>& v) const { return v.x * x + v.y * y + v.z * z; }
  Vec3<T> to_moved(const Vec3<T>& v) const { return {dot(v, x), dot(v, y), dot(v, z)}; }
};

}  // namespace lichtbild::optics
