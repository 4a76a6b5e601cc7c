"""Real certificates and real signatures, made in the test."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from typing import Any

from asn1crypto import keys, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 56), "white").save(out, "PNG")
    return out.getvalue()


PNG = _picture()  # as if scanned


@dataclass(frozen=True)
class Signer:
    """A root, and someone whose certificate it issued."""

    root: Any
    certificate: Any
    key: Any

    @property
    def root_pem(self) -> bytes:
        return bytes(self.root.public_bytes(serialization.Encoding.PEM))

    def sign(self, pdf: bytes, field: str = "Signature1", box: tuple[int, ...] = (50, 50, 250, 120)) -> bytes:
        """The PDF with a PAdES signature added to it."""
        store = SimpleCertificateStore()
        store.register(_loaded(self.root))
        private = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = signers.SimpleSigner(
            signing_cert=_loaded(self.certificate), signing_key=keys.PrivateKeyInfo.load(private), cert_registry=store
        )
        meta = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
        spec = fields.SigFieldSpec(field, on_page=0, box=box)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return bytes(signers.sign_pdf(writer, meta, signer=signer, new_field_spec=spec).getvalue())


def _loaded(certificate: Any) -> Any:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@cache
def signer(name: str = "นายบุญมี ตัวอย่าง", root: str = "Example Root") -> Signer:
    top, top_key = _certificate(root, None, None)
    certificate, key = _certificate(name, top, top_key)
    return Signer(top, certificate, key)


def _certificate(name: str, issuer: Any, issuer_key: Any) -> tuple[Any, Any]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = made.Name([made.NameAttribute(NameOID.COMMON_NAME, name)])
    now, root = dt.datetime.now(dt.UTC), issuer is None
    allowed = {"key_cert_sign", "crl_sign"} if root else {"digital_signature", "content_commitment"}
    builder = (
        made.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if root else issuer.subject)
        .public_key(key.public_key())
        .serial_number(made.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(made.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(made.KeyUsage(**{use: use in allowed for use in USES}), critical=True)
        .add_extension(made.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(issuer_key or key, hashes.SHA256()), key


def redrawn(pdf: bytes) -> bytes:
    """The PDF with a page redrawn by an incremental update: its bytes still begin with the original's."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0]
    added = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 600 900 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), added])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
