"""Makes scripts and style sheets smaller, in a process of its own.

The minifier is a Go library; its runtime has no place in a server that forks. Run as a module,
this reads a text from standard input and writes the smaller one.
"""

from __future__ import annotations

import re
import subprocess
import sys

# No syntax younger than the oldest browser that the form supports (Chromium 80).
ECMA_VERSION = 2019
_LOST = re.compile(r"(?:\|\| false|&& true)\b")


def shrink(kind: str, text: str) -> str:
    """Return the text without what browsers do not need; `kind` is a MIME type.

    Raises CalledProcessError where the text cannot be parsed, and ValueError where the minifier
    would change what it means: it takes `x || false` for `x`, also where x may be null.
    """
    if kind.endswith("javascript") and (found := _LOST.search(text)):
        raise ValueError(f"the minifier loses the constant of “{found[0]}”")
    command = [sys.executable, "-m", "cacah.collection.shrinking", kind]
    return subprocess.run(  # noqa: S603
        command, input=text, capture_output=True, encoding="utf-8", check=True
    ).stdout


def _main() -> None:
    import minify

    minify.config({"js-version": ECMA_VERSION})
    sys.stdout.write(minify.string(sys.argv[1], sys.stdin.read()))


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    _main()
