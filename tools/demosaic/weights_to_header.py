#!/usr/bin/env python3
"""Writes the weights of the demosaicing network as a C++ header: weights_to_header.py weights.json > header."""
import json
import sys

weights = json.load(open(sys.argv[1], encoding="utf-8"))
print("// The weights of the demosaicing network (demosaic.hl.h), made by tools/demosaic, not by hand.")
print("// Kernels are stored ky, kx, in, out; head in, out; noise red/green/blue, out.")
print("// clang-format off")
print("#pragma once\n\nnamespace lichtbild::demosaic_weights {\n")
for name, array in weights.items():
    if not array or name == "blocks":
        continue
    values = array["values"]
    print(f"inline constexpr float {name}[] = {{")
    for start in range(0, len(values), 12):
        print("  " + ", ".join(f"{v:.6g}f" if "." in f"{v:.6g}" or "e" in f"{v:.6g}" else f"{v:.6g}.0f"
                               for v in values[start : start + 12]) + ",")
    print("};\n")
print("}  // namespace lichtbild::demosaic_weights")
