"""The README's commands work: each line of a fenced block marked `sh run` is run in the repository.

`./run develop ...` there stands for the built program, so that the test installs and builds nothing.
"""
import re
import subprocess
import unittest

from program import PROGRAM, ROOT


def commands():
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    for block in re.findall(r"^```sh run\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            command = line.split(" #")[0].strip()
            if command:
                yield command


class Readme(unittest.TestCase):
    def test_commands(self):
        found = list(commands())
        if not found:
            self.skipTest("README.md has no block marked `sh run`")
        (ROOT / "out").mkdir(exist_ok=True)
        for command in found:
            with self.subTest(command=command):
                # Bare ./run and ./test are what the user starts with; they run this very test.
                self.assertRegex(command, r"^(\./run|build/release/lichtbild) \w")
                told = re.sub(r"^(\./run|build/release/lichtbild)\b", f"'{PROGRAM}'", command)
                result = subprocess.run(
                    told, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120
                )
                self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main()
