#!/usr/bin/env python3
"""Writes the certificates of the TLS tests into a folder: certificates.py FOLDER.

One authority signs, each as NAME.crt with NAME.key: `good` (for localhost and 127.0.0.1), `expired`, `other` (for
other.example) and `client`; `stranger` is signed by an authority of its own. ca.crt and stranger_ca.crt are the authorities.
"""
import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def build(subject, issuer, public_key, *, authority=False, begin=NOW - DAY, end=NOW + DAY, alternatives=()):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(alternatives)), critical=False)
    return builder


class Authority:
    def __init__(self, folder, label):
        self.folder = folder
        self.label = label
        self.key = ec.generate_private_key(ec.SECP256R1())
        certificate = build(label, label, self.key.public_key(), authority=True).sign(self.key, hashes.SHA256())
        (folder / f"{label}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, subject, **options):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = build(subject, self.label, key.public_key(), **options).sign(self.key, hashes.SHA256())
        (self.folder / f"{subject}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (self.folder / f"{subject}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def main(folder):
    here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    authority = Authority(folder, "ca")
    authority.issue("good", alternatives=here)
    authority.issue("expired", alternatives=here, begin=NOW - 2 * DAY, end=NOW - DAY)
    authority.issue("other", alternatives=[x509.DNSName("other.example")])
    authority.issue("client")
    Authority(folder, "stranger_ca").issue("stranger", alternatives=here)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
