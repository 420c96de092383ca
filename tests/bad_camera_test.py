"""Camera files: what a camera's lens says of itself, and those that can't be: one line that names culprit and cure,
exit 1, nothing left behind."""
import json
import pathlib
import re
import struct
import tempfile
import unittest
import zlib

from program import BOTTLES, ROOT, ProgramTest

CAMERAS = ROOT / "data/cameras"
NAN, INFINITY = float("nan"), float("inf")


def float_tiff(pixels):
    """One row of RGB floats, little-endian, one strip."""
    data = b"".join(struct.pack("<3f", *pixel) for pixel in pixels)
    bits_at = 8 + 2 + 12 * 9 + 4
    entries = [(256, 3, 1, len(pixels)), (257, 3, 1, 1), (258, 3, 3, bits_at), (262, 3, 1, 2),
               (273, 4, 1, bits_at + 12), (277, 3, 1, 3), (278, 3, 1, 1), (279, 4, 1, len(data)),
               (339, 3, 3, bits_at + 6)]
    directory = struct.pack("<H", 9) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + directory + bytes(4) + struct.pack("<6H", *[32] * 3, *[3] * 3) + data


def gray_png(width, height, code):
    """Eight bits, code(x, y) at each pixel."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(code(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


LENS = CAMERAS.parent / "lenses/us-20240012223-a1-example-7.lens.toml"


class CameraTest(ProgramTest):
    shared = tempfile.TemporaryDirectory()

    def small_profile(self):
        """A lens for 64 x 48 pixels of 8 um, with hardly any blur; traced once for all tests."""
        profile = pathlib.Path(self.shared.name) / "small.json"
        if not profile.exists():
            few = ["--psf-points", 2, "--psf-radius", 1, "--psf-oversampling", 1]
            sensor = ["--pixel-um", 8, "--width", 64, "--height", 48]
            self.call("lens", "profile", LENS, "-o", profile, *sensor, *few)
        return profile

    def camera(self, **changed):
        """The main camera with other lines; its own files by their whole path."""
        text = (CAMERAS / "main.camera.toml").read_text().replace('"../', f'"{ROOT}/data/')
        for key, value in changed.items():
            line = f"{key} = {value}" if value is not None else ""
            text, found = re.subn(rf"(?m)^{key} = .*$", lambda _: line, text)
            self.assertGreater(found, 0, key)
        return self.written("my.camera.toml", text.encode())

    def small_camera(self, **changed):
        """A sensor of few pixels, quickly shot."""
        return self.profile_camera(width_px=64, height_px=48, pixel_um=8, **changed)

    def profile_camera(self, **changed):
        text = self.camera(file=None, **changed).read_text()
        text = text.replace("[lens]", f'[lens]\nprofile = "{self.small_profile()}"')
        return self.written("small.camera.toml", text.encode())

    def refused_shot(self, named, camera, scene="chart:flat", *options, because=""):
        return self.refused(
            named, "shoot", camera, scene, "-o", self.out / "burst", *options, because=because
        )


class Profile(CameraTest):
    def test_a_cameras_profile_and_its_gain_maps(self):
        """The profile that shoot and develop use; DNG's OpcodeList2 byte by byte (DNG 1.4, chapter 7)."""
        maps = self.out / "maps.opcodes"
        shown = json.loads(self.call("lens", "profile", "--camera", self.small_camera(),
                                     "--gain-maps", maps, "--json").stdout)
        self.assertEqual(shown["sensor"]["width_px"], 64)
        data = maps.read_bytes()
        (count,) = struct.unpack_from(">I", data)
        self.assertEqual(count, 4)  # one for each place in the filter
        identity, version, _, size = struct.unpack_from(">4I", data, 4)
        self.assertEqual((identity, version), (9, 0x01030000))
        top, left, bottom, right, plane, planes, down, across = struct.unpack_from(">8I", data, 20)
        self.assertEqual((top, left, bottom, right), (0, 0, 48, 64))
        self.assertEqual((plane, planes, down, across), (0, 1, 2, 2))
        rows, columns = struct.unpack_from(">2I", data, 52)
        gains = struct.unpack_from(f">{rows * columns}f", data, 20 + size - 4 * rows * columns)
        self.assertAlmostEqual(gains[rows // 2 * columns + columns // 2], 1, 3)
        corner = shown["channels"][0]["corner_illumination"]
        self.assertAlmostEqual(gains[0] * corner, 1, 2)

    def test_neither_lens_nor_camera(self):
        self.refused("lens profile", "lens", "profile", because="--camera")


class ImpossibleNumbers(CameraTest):
    def check(self, because="is impossible; it is between", **changed):
        """The message points at the line of the number."""
        camera = self.camera(**changed)
        key = next(iter(changed))
        line = 1 + next(i for i, l in enumerate(camera.read_text().split("\n")) if l.startswith(key))
        message = self.refused_shot(camera, camera, because=because)
        self.assertIn(f"{camera}:{line}:", message)

    def test_wells_and_noise(self):
        for value in (-36000, 0, "nan", "inf", 1e9):
            self.check(full_well_e=value)
        for value in (-1, "nan", 1e6):
            self.check(read_noise_e=value)
            self.check(converter_noise_dn=value)
            self.check(dsnu_e=value)
        self.check(dark_current_e_s=-4)
        self.check(prnu=0.9)
        self.check(hot_pixel_share=2)

    def test_pixels(self):
        for value in (-2.38, 0, "nan", 1000):
            self.check(pixel_um=value)
        for value in (0, -4096, 10**9):
            self.check(width_px=value)
        self.check(width_px=4096.5, because="no whole number; ")
        self.check(width_px=4095, because="odd number of columns or rows; ")

    def test_converter(self):
        for value in (0, 7, 17, -14):
            self.check(bits=value)
        self.check(bits=14.5, because="no whole number; ")
        for value in (-1, 16000):
            self.check(black_dn=value)
        self.check(base_iso=0)
        self.check(largest_iso=1)

    def test_exposure_and_lens(self):
        for value in (0, -1, 1.5, "nan"):
            self.check(transmission=value)
        self.check(shortest_s=-1)
        self.check(longest_s=1e-6)

    def test_angle_response(self):
        for value in ("[]", "[[0, -1]]", "[[10, 1], [5, 1]]", "[[0, 1, 2]]", '"none"', "[[nan, 1]]"):
            self.check(angle_response=value, because="; write [")

    def test_colors(self):
        self.check(temperature_kelvin=-5)
        for value in ("[[0, 0, 0], [0, 0, 0], [0, 0, 0]]", "[1, 2, 3]", "[[1, 0, 0], [0, 1, 0], [0, 0, nan]]"):
            self.check(camera_from_xyz=value, because="; write ")

    def test_names(self):
        self.check(cfa='"RGBW"', because="known: RGGB")
        self.check(cfa="7", because="; ")
        self.check(quad_bayer='"yes"', because="; ")
        camera = self.camera(model=None)
        self.refused_shot(camera, camera, because="model is missing")
        camera = self.written("my.camera.toml", b'model = "A"\n[lens]\nfile = "a"\nfiel = "b"\n')
        self.refused_shot(f"{camera}:4:", camera, because="fiel")
        camera = self.written("my.camera.toml", b'model = "A"\n[lens\n')
        self.refused_shot(f"{camera}:2:", camera)


class FilesOfTheCamera(CameraTest):
    def test_absent(self):
        absent = self.inputs / "absent.tsv"
        self.refused_shot(absent, absent)
        self.refused_shot(absent, self.camera(sensitivities=f'"{absent}"'))
        self.refused_shot(absent, self.camera(file=f'"{absent}"'))

    def sensitivities(self, rows, because):
        lines = "wavelength_nm\tred\tgreen\tblue\n" + "".join(
            "\t".join(map(str, row)) + "\n" for row in rows
        )
        table = self.written("my.tsv", lines.encode())
        self.refused_shot(table, self.camera(sensitivities=f'"{table}"'), because=because)

    def test_sensitivities_that_do_not_overlap_visible_light(self):
        self.sensitivities([[800, 0.2, 0.3, 0.1], [900, 0.2, 0.3, 0.1], [1000, 0, 0, 0]], "between 380 and 780 nm; ")
        self.sensitivities([[700, 0, 0.3, 0.1], [800, 0, 0, 0]], "red is 0 from 380 to 780 nm; ")
        self.sensitivities([[400, 0.2, 1e-5, 0.1], [700, 0.2, 1e-5, 0.1]], "green sees no light")
        # Micrometers instead of nanometers, percent, and what is no number.
        self.sensitivities([[0.4, 0.2, 0.3, 0.1], [0.7, 0.2, 0.3, 0.1]], "between 380 and 780 nm; ")
        self.sensitivities([[400, 20, 30, 10], [700, 20, 30, 10]], "is impossible; ")
        self.sensitivities([[400, -0.2, 0.3, 0.1], [700, 0.2, 0.3, 0.1]], "")
        self.sensitivities([[400, 0.2, "nan", 0.1], [700, 0.2, 0.3, 0.1]], "")

    def test_a_lens_that_does_not_cover_the_sensor(self):
        lens = CAMERAS.parent / "lenses/restored/us-20250314859-a1-example-1.lens.toml"
        message = self.refused_shot(lens, self.camera(pixel_um=9))
        circle, diagonal = map(
            float, re.search(r"image circle of ([\d.]+) mm .* diagonal of ([\d.]+) mm; ", message).groups()
        )
        self.assertAlmostEqual(diagonal, 5120 * 9e-3, 2)  # 4096, 3072, 5120: a Pythagorean triple
        self.assertTrue(2 * 7.6 < circle < 2 * 7.9, circle)  # the patent's image height is 7.6 mm

    def test_an_object_inside_the_lens(self):
        text = self.camera().read_text().replace("[lens]", "[lens]\nfocus_distance_mm = 4")
        camera = self.written("near.camera.toml", text.encode())
        self.refused_shot("4 mm away", camera, because="focus_distance_mm")

    def test_a_profile_of_another_sensor(self):
        message = self.refused_shot(self.small_profile(), self.profile_camera())
        self.assertIn("64 x 48 pixels of 8 um", message)
        self.assertIn("4096 x 3072 of 2.96 um", message)


class Scenes(CameraTest):
    def test_no_scene(self):
        camera = self.small_camera()
        self.refused_shot("chart:nothing", camera, "chart:nothing", because="known: color")
        self.refused_shot(self.inputs / "absent.exr", camera, self.inputs / "absent.exr")
        self.refused_shot(self.inputs, camera, self.inputs)
        text = self.written("text.exr", b"no picture")
        self.refused_shot(text, camera, text)
        cut = self.written("cut.hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 9 +X 9\n1234")
        self.refused_shot(cut, camera, cut, because="cut off")

    def test_no_light_no_folder(self):
        camera = self.small_camera()
        self.refused_shot("illuminants.tsv", camera, "chart:flat", "--illuminant", "Q", because="D65")
        self.refused("burst", "shoot", camera, "chart:flat", "-o", self.out / "missing/burst")
        truth = self.out / "missing/truth.exr"
        self.refused_shot(truth, camera, "chart:flat", "--truth", truth, because="mkdir")
        file = self.written("a_file", b"")
        self.refused(file, "shoot", camera, "chart:flat", "-o", file)

    def test_what_is_no_light_is_counted_and_black(self):
        good = [0.18, 0.18, 0.18]
        bad = [[NAN, 1, 1], [INFINITY, -INFINITY, 1], [-1, -2, 0.5], [2, 2, 2]]
        scene = self.written("bad.tif", float_tiff([good, *bad, good] * 8))
        burst = self.out / "burst"
        result = self.call("shoot", self.small_camera(), scene, "-o", burst, "--json")
        self.assertRegex(result.stderr, r"bad.tif: 24 samples were NaN or infinite and 16 negative; they count as black\n")
        report = json.loads(result.stdout)
        self.assertEqual((report["scene_not_finite"], report["scene_negative"]), (24, 16))
        self.assertEqual([p.name for p in burst.iterdir()], ["frame_000.dng"])
        self.call("develop", burst / "frame_000.dng", "-o", self.out / "p.jpg")

    def test_a_sound_scene_is_not_complained_about(self):
        scene = self.written("good.tif", float_tiff([[0.1, 0.2, 2]] * 8))
        result = self.call("shoot", self.small_camera(), scene, "-o", self.out / "burst")
        self.assertNotIn("NaN", result.stderr)


def gray_hdr(width, height):
    """Another file of one kind that is no EXR."""
    pixels = bytes([128, 128, 128, 128]) * (width * height)
    return f"#?RADIANCE\n\n-Y {height} +X {width}\n".encode() + pixels


class Depth(CameraTest):
    def refused_depth(self, named, depth, *options, because):
        scene = self.written("scene.tif", float_tiff([[0.1, 0.2, 0.3]] * 8))
        self.refused_shot(named, self.small_camera(), scene, "--depth", depth, *options, because=because)

    def test_absent_or_without_meaning(self):
        absent = self.inputs / "absent.exr"
        self.refused_depth(absent, absent, because="")
        gray = ROOT / "src/picture/corpus/picture/gray16.png"
        self.refused_depth(gray, gray, because="; say what they mean: --depth-range")
        self.refused_depth("--depth-range", gray, "--depth-range", "2,1", because="does not grow; ")
        self.refused_depth(gray, gray, "--depth-range", "1,2", because="is 2 x 1, ")
        colored = self.written("depth.hdr", gray_hdr(8, 1))
        self.refused_depth(colored, colored, "--depth-range", "1,2", because="in colors; ")
        plain = ROOT / "src/picture/corpus/picture/plain.exr"
        self.refused_depth(plain, plain, because="without a channel Z")

    def test_near_things_are_blurred(self):
        """The profile is focused at infinity: chart:star 5 cm away loses its rays' contrast."""
        gray = ROOT / "src/picture/corpus/picture/gray16.png"
        frames = []
        for name, options in (("sharp", []), ("near", ["--depth", gray, "--depth-range", "0.01,0.02"])):
            burst = self.out / name
            self.call("shoot", self.small_camera(), "chart:star", "-o", burst, "--no-noise", *options)
            self.call("develop", burst / "frame_000.dng", "-o", self.out / f"{name}.exr", "--exposure", "0")
            frames.append(self.out / f"{name}.exr")
        result = self.call("measure", "psnr", *frames, "--json")
        self.assertLess(json.loads(result.stdout)["combined_db"], 30)


class WrongCamera(CameraTest):
    def test_another_model(self):
        arguments = ["develop", BOTTLES[0], "--camera", CAMERAS / "main.camera.toml", "-o", self.out / "p.jpg"]
        message = self.refused(BOTTLES[0], *arguments, because="--force")
        self.assertIn("Lichtbild Main", message)
        # Forced, the sensors' shapes still differ.
        self.refused(BOTTLES[0], *arguments, "--force", because="1000 x 1000")

    def test_force(self):
        burst = self.inputs / "burst"
        self.call("shoot", self.small_camera(), "chart:color", "-o", burst)
        other = self.small_camera(model='"Another"')
        arguments = ["develop", burst / "frame_000.dng", "--camera", other, "-o", self.out / "p.jpg"]
        self.refused(burst / "frame_000.dng", *arguments, because='describes "Another"; ')
        self.call(*arguments, "--force")
        self.assertTrue((self.out / "p.jpg").exists())


class NoChart(CameraTest):
    def test_what_was_seen_is_said(self):
        photo = ROOT / "docs/before.jpg"
        fog = self.written("fog.png", gray_png(240, 180, lambda x, y: 120 + (7 * x + 5 * y) % 3))
        for verb, photo, seen in (("color", photo, r"no ColorChecker found: \d+ even regions seen"),
                                  ("edge", fog, r"no edge can be measured: \d+ straight edges seen"),
                                  ("distortion", photo, r"no grid found: \d+ dark places seen")):
            with self.subTest(verb=verb):
                message = self.refused(photo, "measure", verb, photo, "--overlay", self.out / "o.png")
                self.assertRegex(message, seen)


if __name__ == "__main__":
    unittest.main()
