"""TLS in front of the benchmark's server, as a proxy has it, so that handshakes are paid too."""

from __future__ import annotations

import asyncio
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PIECE = 65536


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def make_certificate(home: Path, address: str) -> str:
    """Write `tls.pem` (leaf, issuer, key); return the digest by which Chromium may know the leaf.

    The chain is as long as a public one (a leaf and its issuer), with elliptic curves.
    """
    now = datetime.now(UTC)
    issuer_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def certificate(subject: str, public: ec.EllipticCurvePublicKey, ca: bool) -> x509.Certificate:
        built = x509.CertificateBuilder(name("weak link issuer"), name(subject), public)
        built = built.serial_number(x509.random_serial_number())
        built = built.not_valid_before(now - timedelta(days=1))
        built = built.not_valid_after(now + timedelta(days=30))
        built = built.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if not ca:
            names = [x509.IPAddress(ip_address(address))]
            built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return built.sign(issuer_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    leaf = certificate("weak link", key.public_key(), False).public_bytes(pem)
    issuer = certificate("weak link issuer", issuer_key.public_key(), True).public_bytes(pem)
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (home / "tls.pem").write_bytes(leaf + issuer + private)
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b64encode(sha256(spki).digest()).decode()


@contextmanager
def tls_front(pem: Path, address: str, port: int, behind: int, protocol: str) -> Iterator[None]:
    """Listen at `address`:`port` with TLS and pass all on to 127.0.0.1:`behind`.

    `protocol` is what the browser is offered: `h2` or `http/1.1`; the server behind speaks both.
    """
    terms = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    terms.load_cert_chain(pem)
    terms.set_alpn_protocols([protocol])

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ssl.SSLError):
            while piece := await reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", behind)
        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer))

    loop = asyncio.new_event_loop()
    # A handshake over the weak link takes seconds, and must not be given up.
    starting = asyncio.start_server(serve, address, port, ssl=terms, ssl_handshake_timeout=300)
    loop.run_until_complete(starting)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
