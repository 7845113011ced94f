"""How the shop's secret is sealed: with a password (argon2id and a key pair), or with another secret.

The only file that knows cryptography and argon2; both are imported when the first seal is made or opened, because a
shop without a password needs neither. Nothing here knows the key file.

A password makes a key pair: argon2id (RFC 9106, second recommended option) gives the private half, the public half is
kept. The secret is sealed to the public half (X25519 with a key of one use, HKDF, AES-256-GCM). So a new secret can be
sealed for everybody without their passwords, and who holds an old secret learns nothing about the new one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

TIME_COST, MEMORY_KIB, LANES = 3, 65_536, 4
"""RFC 9106, 4: the second recommended option, for less memory; about 0.2 s."""

_MOST = (64, 1 << 21, 64)
"""No key file may ask for more than that."""

_SALT_BYTES = 16
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Lock:
    """How a password becomes a key pair.

    Attributes:
        time_cost / memory_kib / lanes: of argon2id. salt: 16 random bytes. public: the half that is no secret.
    """

    time_cost: int
    memory_kib: int
    lanes: int
    salt: bytes
    public: bytes


@dataclass(frozen=True)
class Sealed:
    """A secret that somebody else has to open.

    Attributes:
        ephemeral: the public half of the key of one use; empty where it was sealed with a secret.
        nonce: of AES-GCM. box: the sealed secret with its tag.
    """

    ephemeral: bytes
    nonce: bytes
    box: bytes


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt; `purpose` is the info text."""
    pseudo_random = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    result, block, counter = b"", b"", 1
    while len(result) < length:
        block = hmac.new(pseudo_random, block + purpose.encode() + bytes([counter]), hashlib.sha256).digest()
        result += block
        counter += 1
    return result[:length]


def new_lock(password: str) -> Lock:
    """A lock that this password opens; takes as long as opening one."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # slow, see above

    salt = secrets.token_bytes(_SALT_BYTES)
    private = _private(password, salt, TIME_COST, MEMORY_KIB, LANES)
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return Lock(TIME_COST, MEMORY_KIB, LANES, salt, public)


def private_half(lock: Lock, password: str) -> bytes | None:
    """The private half of a lock's key pair, None where the password is another one."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # slow, see above

    private = _private(password, lock.salt, lock.time_cost, lock.memory_kib, lock.lanes)
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return private if hmac.compare_digest(public, lock.public) else None


def is_bearable(lock: Lock) -> bool:
    """Whether a lock asks for no more time and memory than any of ours would."""
    asked = (lock.time_cost, lock.memory_kib, lock.lanes)
    fits = all(1 <= each <= most for each, most in zip(asked, _MOST, strict=True))
    return fits and lock.memory_kib >= 8 * lock.lanes and len(lock.salt) == _SALT_BYTES


def seal_to(public: bytes, secret: bytes, about: bytes) -> Sealed:
    """Seal a secret so that only the private half of `public` opens it, and only together with `about`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # slow, see above
        X25519PrivateKey,
        X25519PublicKey,
    )

    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return _seal(_agreed(shared, ephemeral, public), secret, about, ephemeral)


def open_with(private: bytes, sealed: Sealed, about: bytes) -> bytes | None:
    """The secret, None where it or what it is about was altered."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # slow, see above
        X25519PrivateKey,
        X25519PublicKey,
    )

    own = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sealed.ephemeral))
    except ValueError:  # no point of the curve
        return None
    return _open(_agreed(shared, sealed.ephemeral, own.public_key().public_bytes_raw()), sealed, about)


def wrap(secret: bytes, inside: bytes, about: bytes) -> Sealed:
    """Seal one secret with another."""
    return _seal(derive(secret, "wrap"), inside, about, b"")


def unwrap(secret: bytes, sealed: Sealed, about: bytes) -> bytes | None:
    """What `wrap` sealed, None where it was altered or sealed with another secret."""
    return _open(derive(secret, "wrap"), sealed, about)


def hash_of(pin: str) -> str:
    """The argon2id hash of a PIN in its own notation, with its salt; a tenth of what a password costs."""
    from argon2 import PasswordHasher  # slow, see above

    return PasswordHasher(2, 19_456, 1).hash(pin)


def is_of_hash(stored: str, pin: str) -> bool:
    """Whether this is the PIN that was hashed; a hash that cannot be read is nobody's."""
    from argon2 import PasswordHasher  # slow, see above
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(stored, pin)
    except (InvalidHashError, VerificationError):
        return False


def _private(password: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # slow, see above

    # NFKC: an input method may have typed full-width letters, and a keyboard writes é in two ways
    plain = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hash_secret_raw(plain, salt, time_cost, memory_kib, lanes, 32, Type.ID)


def _agreed(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return derive(shared + ephemeral + public, "seal")


def _seal(key: bytes, secret: bytes, about: bytes, ephemeral: bytes) -> Sealed:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # slow, see above

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return Sealed(ephemeral, nonce, AESGCM(key).encrypt(nonce, secret, about))


def _open(key: bytes, sealed: Sealed, about: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # slow, see above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.box, about)
    except (InvalidTag, ValueError):  # ValueError: a nonce of another length
        return None
