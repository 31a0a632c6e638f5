"""What a device says to the door about a draft, for the tests of drafts."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from .conftest import Device


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def sealed(seed: str = "first") -> str:
    return text(seed.encode().ljust(60, b"\0"))


def save(device: Device, session: str, locator: str, base: int = 0, **more: Any) -> Any:
    body = {"sealed": sealed(f"{locator} after {base}")} | more
    return device.post("draft", session=session, locator=locator, base=base, **body)


def remove(device: Device, session: str, locator: str, base: int) -> Any:
    return device.post("draft", session=session, locator=locator, base=base, remove=True)


def open_it(device: Device, session: str, locator: str) -> Any:
    return device.post("draft/open", session=session, locator=locator)


def answer_card(device: Device, session: str) -> str:
    token: str = device.post("card", session=session, answer="2005-08-17").json["session"]
    return token


def at_once(jobs: list[Any]) -> list[Any]:
    """Run them in as many threads that start together; return what each gave."""
    together = Barrier(len(jobs))

    def work(job: Any) -> Any:
        together.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(work, jobs))


def keys_of(code: str, salt: str) -> tuple[bytes, str]:
    """Return AES key and locator of a code, as docs/door.md tells any device to make them."""
    symbols = code.replace("-", "")[:12].encode()
    stretched = PBKDF2HMAC(hashes.SHA256(), 32, b"cacah kode lanjut " + salt.encode(), 300_000)
    secret = stretched.derive(symbols)

    def part(name: bytes, size: int) -> bytes:
        return HKDF(hashes.SHA256(), size, b"", b"cacah draft " + name).derive(secret)

    return part(b"key", 32), text(part(b"locator", 16))
